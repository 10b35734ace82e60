// YASGUI, on the page of another site, asks the endpoint as its user does: writes, presses Ctrl+Enter, reads the table.
// Arguments: the page with YASGUI, the endpoint, JSON of {name: query}.

import { browse } from "./browser.mjs";

const [site, endpoint, queries] = process.argv.slice(2);

await browse(async (newPage) => {
  const page = await newPage();
  const requests = [];
  page.on("request", (request) => {
    if (request.url().startsWith(endpoint)) {
      const { accept, "content-type": contentType } = request.headers();
      requests.push({ method: request.method(), accept, contentType, origin: new URL(page.url()).origin });
    }
  });
  await page.goto(`${site}?endpoint=${encodeURIComponent(endpoint)}`);
  const shown = {};
  for (const [name, query] of Object.entries(JSON.parse(queries))) {
    await page.locator(".yasqe .CodeMirror").click();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(query);
    const answered = page.waitForResponse((response) => response.url().startsWith(endpoint));
    await page.keyboard.press("Control+Enter");
    const status = (await answered).status();
    const results = page.locator(".yasr_results");
    await results.locator("tbody td, .errorResult, .CodeMirror, .booleanResult").first().waitFor();
    shown[name] = {
      status,
      header: await results.locator("thead th").allInnerTexts(),
      cells: await results.locator("tbody td").allInnerTexts(),
      text: await results.innerText(),
    };
    if (process.env.SHOTS) {
      await page.screenshot({ path: `${process.env.SHOTS}/yasgui-${name}.png` });
    }
  }
  return { requests, shown };
});
