import {describe, expect, it} from "vitest";
import {
  checkTags,
  isPassedOver,
  type TagChoice,
  timeoutOf,
} from "../../../../publish/notebook/file/cell-tags.js";
import {notebookOf} from "../code-notebook.js";

const complaintOf = (tags: string[], choice: TagChoice = {}) => {
  try {
    checkTags(notebookOf("1", {source: "2", tags}), "n.ipynb", choice);
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
};

describe("tags of cells", () => {
  it.each([
    ["timout=5s", "timeout=5s"],
    ["timeout=30", "timeout=30s"],
    ["timeout=5 s", "timeout=5s"],
    ["timeout=soon", "timeout=5s"],
    ["Skip", "skip"],
    ["skipp", "skip"],
    ["parameter", "parameters"],
    ["raise-exception", "raises-exception"],
    ["hide_input", "hide-input"],
    ["hide-outputs", "hide-output"],
    ["no_cache", "no-cache"],
  ])("%s is refused: %s is meant", (tag, meant) => {
    expect(complaintOf([tag])).toBe(
      `n.ipynb: cell 2: expected a known tag, found "${tag}"; did you mean "${meant}"?`,
    );
  });

  it.each([["timeout=0.5s"], ["remove-cell"], ["slow"], ["hide-code-of-mine"], ["keep_output"]])(
    "%s is fine",
    (tag) => expect(complaintOf([tag])).toBe("none"),
  );

  it("choices name tags that some cell has", () => {
    expect(complaintOf(["slow", "plot"], {skipTags: ["slow"], onlyTags: ["plot"]})).toBe("none");
    expect(complaintOf(["slow"], {skipTags: ["slo"]})).toBe(
      "n.ipynb: tag slo: expected one of slow, found a tag that no cell has; did you mean slow?",
    );
    expect(complaintOf([], {onlyTags: ["x"]})).toContain("expected a notebook with tags");
  });

  const choices: [tags: string[], choice: TagChoice, isOver: boolean][] = [
    [[], {}, false],
    [["skip"], {}, true],
    [["slow"], {skipTags: ["slow"]}, true],
    [["slow", "plot"], {skipTags: ["slow"], onlyTags: ["plot"]}, true],
    [["plot"], {onlyTags: ["plot"]}, false],
    [[], {onlyTags: ["plot"]}, true],
    [[], {onlyTags: []}, false],
    [["parameters"], {onlyTags: ["plot"]}, false],
    [["injected-parameters"], {onlyTags: ["plot"]}, false],
    [["parameters", "slow"], {skipTags: ["slow"]}, true],
  ];
  it.each(choices)("%j with %j: passed over is %s", (tags, choice, isOver) => {
    expect(isPassedOver(tags, choice)).toBe(isOver);
  });

  it("a deadline is in seconds", () => {
    const [cell] = notebookOf({source: "1", tags: ["plot", "timeout=2.5s"]}).cells;
    expect(cell && timeoutOf(cell)).toBe(2500);
  });
});
