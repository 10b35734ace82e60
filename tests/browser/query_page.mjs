// The query page without script and without a mouse: the text is reached, written and sent by the keyboard alone.
// Arguments: the address of the page, then texts to send, one after the other.

import { browse } from "./browser.mjs";

const [address, ...texts] = process.argv.slice(2);
const STEPS = 60;

async function tabTo(page, selector) {
  for (let step = 0; step < STEPS; step += 1) {
    await page.keyboard.press("Tab");
    if (await page.locator(`${selector}:focus`).count()) {
      return;
    }
  }
  throw new Error(`not reached by the keyboard: ${selector}`);
}

await browse(async (newPage) => {
  const page = await newPage({ javaScriptEnabled: false });
  const shown = [];
  for (const text of texts) {
    await page.goto(address);
    await tabTo(page, "textarea[name=query]");
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(text);
    await tabTo(page, "form:has(textarea[name=query]) button");
    const [response] = await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    shown.push({
      status: response.status(),
      heading: await page.locator("h1").innerText(),
      cells: await page.locator("tbody td").allInnerTexts(),
      alerts: await page.locator("[role=alert]").allInnerTexts(),
      query: await page.locator("textarea[name=query]").inputValue(),
    });
  }
  return { shown };
});
