import * as fc from "fast-check";
import ts from "typescript";
import {describe, expect, it} from "vitest";
import {applyParameters} from "../../../../publish/notebook/parameters/apply-parameters.js";
import {toSource} from "../../../../publish/notebook/parameters/parameter-source.js";
import {notebookOf} from "../code-notebook.js";

describe("values of parameters", () => {
  it("survive the way through source, whatever their value", async () => {
    const source = "const value: unknown = null;";
    const json = fc.jsonValue({noUnicodeString: false, maxDepth: 3});
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        const {notebook} = await applyParameters(
          notebookOf({source, tags: ["parameters"]}),
          [{origin: "caller", values: {value}}],
          "n.ipynb",
        );
        const injected = notebook.cells[1]?.source ?? "";
        expect(injected).not.toMatch(/[\u2028\u2029<]/);
        expect(injected.split("\n").length).toBe(2);
        const {outputText} = ts.transpileModule(injected, {});
        const read = new Function(`${outputText}; return value;`) as () => unknown;
        expect(read()).toStrictEqual(value);
      }),
      {seed: 3, numRuns: 200},
    );
  });

  it("have a source that gives them back, ten thousand times", () => {
    const hard = fc.constantFrom(
      "\u2028",
      "</script>",
      "__proto__",
      '"',
      "\\",
      "\n",
      -0,
      1e21,
      5e-324,
    );
    const scalar = fc.oneof(
      hard,
      fc.string({unit: "binary"}),
      fc.double({noNaN: true}),
      fc.boolean(),
    );
    const finite = scalar.filter((value) => typeof value !== "number" || Number.isFinite(value));
    const {value: json} = fc.letrec((tie) => ({
      value: fc.oneof({maxDepth: 3}, finite, fc.constant(null), tie("list"), tie("map")),
      list: fc.array(tie("value"), {maxLength: 4}),
      map: fc.dictionary(
        fc.oneof(fc.string({unit: "binary"}), fc.constant("__proto__")),
        tie("value"),
        {
          maxKeys: 4,
          noNullPrototype: true,
        },
      ),
    }));
    const property = fc.property(json, (value) => {
      const source = toSource(value);
      expect(source).not.toMatch(/[\n\u2028\u2029<]/);
      const read = new Function(`return ${source};`) as () => unknown;
      expect(read()).toStrictEqual(value);
    });
    fc.assert(property, {seed: 5, numRuns: 10_000});
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => toSource(value)).toThrow(RangeError);
    }
  });
});
