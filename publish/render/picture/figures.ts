import type {Notebook} from "../../notebook/file/nbformat.js";
import {notebookFigures} from "../figure/notebook-figures.js";
import type {FigurePainter} from "./figure-painter.js";

/** PNG bytes by figure name, and why some figure has none. */
export interface Pictures {
  readonly pictures: ReadonlyMap<string, Uint8Array>;
  readonly problems: readonly string[];
}

/** What a page says of pictures that it has to do without. */
export function noticesOf({problems}: Pictures): string[] {
  return problems.map((problem) => `Pictures are missing: ${problem}`);
}

/**
 * A picture of every figure that the notebook's page shows. A figure that cannot be painted, or a
 * machine without a browser, is a problem to tell, not an exception: the page is worth having.
 */
export async function paintFigures(notebook: Notebook, painter: FigurePainter): Promise<Pictures> {
  const pictures = new Map<string, Uint8Array>();
  const problems = new Set<string>(); // one reason may hold for many figures
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      problems.add(error instanceof Error ? error.message : String(error));
    }
  };
  await attempt(async () => {
    for (const {name, figure} of notebookFigures(notebook).values()) {
      await attempt(async () => {
        pictures.set(name, await painter.paint(figure));
      });
    }
  });
  return {pictures, problems: [...problems]};
}
