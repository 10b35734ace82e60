// One headless Chromium: nothing of it reaches beyond this machine, and what a page asks for there is told.

import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// `task` gets a function that makes a page. What it returns goes to standard output as JSON, with what the pages
// complained of (`errors`) and asked of other machines (`elsewhere`).
export async function browse(task) {
  // root, as in containers, cannot set up Chromium's sandbox
  const sandbox = process.getuid() !== 0;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    chromiumSandbox: sandbox,
    args: FLAGS,
  });
  const errors = [];
  const elsewhere = [];
  const newPage = async (options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    await context.route(
      (address) => /^https?:$/.test(address.protocol) && address.hostname !== "127.0.0.1",
      (route) => {
        elsewhere.push(route.request().url());
        return route.abort();
      },
    );
    const page = await context.newPage();
    page.on("console", (said) => said.type() === "error" && errors.push(`${page.url()}: ${said.text()}`));
    page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
    return page;
  };
  try {
    const found = await task(newPage);
    process.stdout.write(JSON.stringify({ ...found, errors, elsewhere }));
  } finally {
    await browser.close();
  }
}
