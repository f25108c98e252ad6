import type {Browser, Page} from "puppeteer";
import {PublishError} from "../../errors.js";
import {plotlyPath} from "../template-files.js";
import {type BrowserOptions, withBrowser} from "./browser.js";

/** A browser and the page in it that figures are painted on. */
interface OpenRoom {
  readonly page: Promise<Page>;
  /** Ends the browser. */
  leave(): Promise<void>;
}

/**
 * One browser page with plotly in it, opened on first use, for whoever has figures to paint: each
 * has it to itself in turn, so that pictures do not depend on what else is painted. A browser that
 * dies is started again, once for each piece of work.
 */
export class PaintRoom {
  readonly #options: BrowserOptions;
  #room: OpenRoom | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: BrowserOptions) {
    this.#options = options;
  }

  /** Starts the browser now; whether that went well shows with `use`. */
  warm(): void {
    this.#open().page.catch(() => {}); // told by use
  }

  /**
   * @throws PublishError what `work` throws of that kind; `render-failed` when there is no browser,
   *   or it died twice, or did not answer
   */
  use<T>(work: (page: Page) => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#tryTwice(work));
    this.#last = turn.catch(() => {}); // the next one may be better
    return turn;
  }

  async close(): Promise<void> {
    await this.#room?.leave();
    this.#room = undefined;
  }

  async #tryTwice<T>(work: (page: Page) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; ++attempt) {
      const page = await this.#open().page;
      try {
        return await work(page);
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        if (error instanceof PublishError) throw error;
        const isDead = page.isClosed() || !page.browser().connected;
        await this.close();
        if (!isDead || attempt > 1) throw brokenBrowser(error);
      }
    }
  }

  #open(): OpenRoom {
    this.#room ??= openRoom(this.#options);
    return this.#room;
  }
}

/** Turns the bracket `withBrowser` into a room that stays open until it is left. */
function openRoom(options: BrowserOptions): OpenRoom {
  let end = () => {};
  const left = new Promise<void>((resolve) => {
    end = resolve;
  });
  let session: Promise<void> = Promise.resolve();
  const page = new Promise<Page>((resolve, reject) => {
    session = withBrowser(async (browser) => {
      resolve(await openPage(browser));
      await left;
    }, options).catch(reject);
  });
  const leave = async () => {
    end();
    await session;
  };
  return {page, leave};
}

async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.setOfflineMode(true);
  await page.setContent('<!doctype html><meta charset="utf-8"><body></body>');
  await page.addScriptTag({path: plotlyPath()});
  return page;
}

function brokenBrowser(cause: unknown): PublishError {
  const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  const found = `expected it to paint a figure, found: ${reason}`;
  const message = `browser: ${found}; reckon doctor says more`;
  return new PublishError("render-failed", message, {cause});
}
