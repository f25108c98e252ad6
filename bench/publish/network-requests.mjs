import {pathToFileURL} from "node:url";

const quietMs = 300;

/** How many addresses off this machine a page asks for when it is opened; none is let out. */
export async function networkRequests(browser, path) {
  const page = await browser.newPage();
  const asked = new Set();
  try {
    await page.setRequestInterception(true);
    page.on("request", (request) => {
      if (/^(https?|wss?):/.test(request.url())) {
        asked.add(request.url());
        request.abort();
      } else {
        request.continue();
      }
    });
    await page.goto(pathToFileURL(path).href, {waitUntil: "load"});
    await page.waitForNetworkIdle({idleTime: quietMs});
    return asked.size;
  } finally {
    await page.close();
  }
}
