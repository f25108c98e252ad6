import type {FigurePainter, PictureSize} from "./figure-painter.js";

/** A painter that can be told of figures before their pictures are asked for. */
export interface AheadPainter extends FigurePainter {
  /** Paints this figure now, one after the other, beside other work; `paint` hands it over. */
  paintAhead(figure: unknown): void;
}

/**
 * Paints each figure once: a run draws its figures while its cells still run, so the page need not
 * wait for them. What went wrong shows with `paint`, as without this.
 */
export function aheadPainter(painter: FigurePainter): AheadPainter {
  const painted = new Map<string, Promise<Uint8Array>>();
  let last: Promise<unknown> = Promise.resolve();
  const paint = (figure: unknown, size?: PictureSize): Promise<Uint8Array> => {
    const key = JSON.stringify([figure, size ?? null]);
    const known = painted.get(key);
    if (known !== undefined) return known;
    const picture = last.then(() => painter.paint(figure, size));
    last = picture.catch(() => {}); // the next figure may be better
    painted.set(key, picture);
    return picture;
  };
  return {
    paint,
    paintAhead(figure) {
      paint(figure).catch(() => {}); // told by paint
    },
    warm: () => painter.warm(),
  };
}
