// Reads pages in each language. Arguments: the server, the paths. With SHOTS set, a picture of each goes there.

import { browse } from "./browser.mjs";

const [server, ...paths] = process.argv.slice(2);

await browse(async (newPage) => {
  const pages = [];
  for (const language of ["en", "fr"]) {
    const page = await newPage({ locale: language });
    for (const path of paths) {
      const response = await page.goto(server + path);
      const wide = await page.evaluate(looks);
      await page.setViewportSize({ width: 390, height: 844 });
      const narrow = await page.evaluate(looks);
      if (process.env.SHOTS) {
        const name = `${language}-${path.replace(/\W+/g, "_").slice(0, 40) || "front"}`;
        await page.screenshot({ path: `${process.env.SHOTS}/${name}-narrow.png` });
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      pages.push({ path, asked: language, status: response.status(), ...wide, narrowOverflow: narrow.overflow });
    }
    await page.context().close();
  }
  return { pages };
});

// runs in the page
function looks() {
  const controls = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")];
  return {
    language: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll("h1")].map((each) => each.innerText),
    // pixels that only scrolling sideways shows
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    unlabelled: controls
      .filter((each) => !each.labels?.length && !each.getAttribute("aria-label") && !each.getAttribute("aria-labelledby"))
      .map((each) => each.outerHTML.slice(0, 200)),
  };
}
