import type {Notebook} from "../notebook/file/nbformat.js";
import type {CellStatus} from "../notebook/run-outcome.js";
import type {PageShare} from "./page-assets.js";

/** What a page says of itself to whoever publishes it: of its run, and whether all is shown. */
export type PageStatus = "ok" | "failed" | "render-failed" | "unknown";

/** Everything that one page says. */
export interface PageInput {
  /** As executed: outputs included. */
  readonly notebook: Notebook;
  /** The notebook's name, without folder and ending. */
  readonly name: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** How each cell ended, by its position; without it all cells count as run. */
  readonly cells?: readonly CellStatus[];
  /** How the run ended; without it the page says that nobody knows, unless it has a failure. */
  readonly status?: "ok" | "failed" | undefined;
  /** Set when the run failed; `cellIndex` leads the reader to the cell. */
  readonly failure?: {readonly message: string; readonly cellIndex?: number};
  /** The line under the title: when and how long, in words. */
  readonly byline?: string;
  /** Label and value pairs for the foot of the page: what ran where, with which versions. */
  readonly provenance?: readonly (readonly [label: string, value: string])[];
  /** PNG bytes by the figure names of {@link notebookFigures}. */
  readonly pictures?: ReadonlyMap<string, Uint8Array>;
  /** The `data:` address of a picture file that a markdown cell refers to. */
  readonly readPicture?: (address: string) => string | undefined;
  /** Shown under the title, for example that there was no browser to make pictures with. */
  readonly notices?: readonly string[];
  /** Puts plotly, pictures and fonts into files beside the page; without it all is in the page. */
  readonly share?: PageShare;
}
