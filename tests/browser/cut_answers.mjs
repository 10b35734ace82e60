// What a script of another site sees of answers by fetch. Arguments: the site, addresses to read.

import { browse } from "./browser.mjs";

const [site, ...addresses] = process.argv.slice(2);

await browse(async (newPage) => {
  const page = await newPage();
  await page.goto(site);
  const read = (address) =>
    fetch(address).then((response) =>
      response.text().then(
        (text) => ({ status: response.status, outcome: "whole", text: text.slice(0, 1000) }),
        (error) => ({ status: response.status, outcome: error.name }),
      ),
    );
  const codings = [];
  page.on("response", async (response) => codings.push(response.headers()["content-encoding"] ?? "identity"));
  const answers = [];
  for (const address of addresses) {
    answers.push(await page.evaluate(read, address));
  }
  return { answers, codings };
});
