import {describe, expect, it} from "vitest";
import {aheadPainter} from "../../../../publish/render/picture/paint-ahead.js";

/** A painter that says what it paints, and refuses figures named bad. */
function sketcher() {
  const begun: string[] = [];
  const paint = async (figure: unknown) => {
    const {name} = figure as {name: string};
    begun.push(name);
    await new Promise((resolve) => setImmediate(resolve));
    if (name === "bad") throw new Error("plotly refused");
    return new TextEncoder().encode(name);
  };
  return {begun, painter: aheadPainter({paint, warm: () => begun.push("warm")})};
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("aheadPainter", () => {
  it("hands over what was painted ahead, and paints each figure once", async () => {
    const {begun, painter} = sketcher();
    painter.paintAhead({name: "a"});
    painter.paintAhead({name: "b"});
    expect(text(await painter.paint({name: "b"}))).toBe("b");
    expect(text(await painter.paint({name: "a"}))).toBe("a");
    expect(begun).toEqual(["a", "b"]);
  });

  it("another size is another picture", async () => {
    const {begun, painter} = sketcher();
    await painter.paint({name: "a"});
    await painter.paint({name: "a"}, {width: 100});
    expect(begun).toEqual(["a", "a"]);
  });

  it("tells of a figure that failed where it is asked for, and goes on with the next", async () => {
    const {painter} = sketcher();
    painter.paintAhead({name: "bad"});
    painter.paintAhead({name: "good"});
    await expect(painter.paint({name: "bad"})).rejects.toThrow("plotly refused");
    expect(text(await painter.paint({name: "good"}))).toBe("good");
  });
});
