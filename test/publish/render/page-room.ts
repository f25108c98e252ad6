import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import type {Browser, BrowserContext, Page} from "puppeteer";
import type {Notebook} from "../../../publish/notebook/file/nbformat.js";
import {renderPage} from "../../../publish/render/page.js";
import type {PageInput} from "../../../publish/render/page-input.js";
import {withBrowser} from "../../../publish/render/picture/browser.js";
import {withFigurePainter} from "../../../publish/render/picture/figure-painter.js";
import {paintFigures} from "../../../publish/render/picture/figures.js";
import {reconciliationNotebook} from "./sample-notebook.js";

/** An open page, what it asked for and what it complained of. */
export interface Visit {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

export interface VisitOptions {
  readonly theme?: "light" | "dark";
  readonly script?: boolean;
  readonly width?: number; // CSS pixels
  readonly touch?: boolean;
  /** Called with the page before it goes anywhere. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export interface SaveOptions extends Partial<PageInput> {
  readonly paint?: boolean;
}

/** A window of the browser with a memory of its own, and a folder for pages, until `close`. */
export interface PageRoom {
  /** Saves a notebook's page, with pictures of its figures where asked, and returns its address. */
  save(stem: string, notebook: Notebook, options?: SaveOptions): Promise<string>;
  /** The sample page with its pictures. */
  saveSample(): Promise<string>;
  /** Opens a page and waits until it is ready. */
  visit(url: string, options?: VisitOptions): Promise<Visit>;
  close(): Promise<void>;
}

export async function openPageRoom(): Promise<PageRoom> {
  const folder = await mkdtemp(join(tmpdir(), "reckon-page-"));
  browserOfAll ??= startBrowser();
  const context = await (await browserOfAll).createBrowserContext();
  const save: PageRoom["save"] = async (name, notebook, {paint = false, ...input} = {}) => {
    const file = join(folder, `${name}.html`);
    const pictures = paint ? await paintAll(notebook) : undefined;
    const page = renderPage({notebook, name, ...(pictures && {pictures}), ...input});
    await mkdir(join(folder, input.share?.base ?? ""), {recursive: true});
    for (const {name: asset, bytes} of page.files) {
      await writeFile(join(folder, input.share?.base ?? "", asset), bytes);
    }
    await writeFile(file, page.html);
    return pathToFileURL(file).href;
  };
  return {
    save,
    saveSample: () => save("page", reconciliationNotebook(), {paint: true}),
    visit: (url, options) => visitWith(context, url, options),
    close: async () => {
      await context.close();
      await rm(folder, {recursive: true, force: true});
    },
  };
}

/** By what is painted: most rooms show the same sample. */
const painted = new Map<string, Promise<ReadonlyMap<string, Uint8Array>>>();

function paintAll(notebook: Notebook): Promise<ReadonlyMap<string, Uint8Array>> {
  const key = JSON.stringify(notebook);
  const pictures = painted.get(key) ?? paint(notebook);
  painted.set(key, pictures);
  return pictures;
}

async function paint(notebook: Notebook): Promise<ReadonlyMap<string, Uint8Array>> {
  const {pictures, problems} = await withFigurePainter((it) => paintFigures(notebook, it));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return pictures;
}

/** All rooms of this process share one browser, which ends with the process. */
let browserOfAll: Promise<Browser> | undefined;

function startBrowser(): Promise<Browser> {
  return new Promise((resolve, reject) => {
    withBrowser((browser) => {
      resolve(browser);
      return new Promise<never>(() => {});
    }).catch(reject);
  });
}

async function visitWith(
  context: BrowserContext,
  url: string,
  {theme = "light", script = true, width = 1200, touch = false, prepare}: VisitOptions = {},
): Promise<Visit> {
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  await prepare?.(page);
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(dialog.message());
    dialog.dismiss();
  });
  await page.setJavaScriptEnabled(script);
  await page.setViewport({width, height: 900, hasTouch: touch, isMobile: touch});
  await page.emulateMediaFeatures([{name: "prefers-color-scheme", value: theme}]);
  await page.goto(url);
  if (script) await page.waitForFunction("globalThis.__ready === true");
  return {page, requests, complaints};
}
