import {mkdirSync, renameSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {pageOfFile} from "../../../publish/result/publish-file.js";
import {code, stream, text} from "../render/sample-notebook.js";
import {type Desk, openDesk, outcomeOf, startedAt, worldOf} from "./desk.js";

const png = Buffer.from("no real PNG");
const inPage = `data:image/png;base64,${png.toString("base64")}`;
let desk: Desk;
let picture: string;
let result: string;

/** A result whose notebook shows a picture that lies beside the notebook that was run. */
beforeEach(async () => {
  desk = await openDesk();
  picture = join(desk.folder, "plots", "plan.png");
  mkdirSync(join(desk.folder, "plots"));
  writeFileSync(picture, png);
  const cells = [text("# PnL"), text("![plan](plots/plan.png)"), code("1", [stream("one\n")])];
  await desk.publish(worldOf(outcomeOf(cells)));
  result = join(desk.dstDir, "result_0", "pnl.0.ipynb");
});
afterEach(() => desk.remove());

describe("a page of an executed notebook", () => {
  it("has the pictures that lie beside the notebook that was run", async () => {
    const {html, problems, facts} = await pageOfFile(result, startedAt);
    expect(problems).toEqual([]);
    expect(html).toContain(inPage);
    expect(facts.status).toBe("ok");
  });

  it("has those that lie beside itself", async () => {
    const moved = join(desk.folder, "moved", "pnl.0.ipynb");
    mkdirSync(join(desk.folder, "moved", "plots"), {recursive: true});
    renameSync(result, moved);
    writeFileSync(join(desk.folder, "moved", "plots", "plan.png"), png);
    const {html, problems} = await pageOfFile(moved, startedAt);
    expect(problems).toEqual([]);
    expect(html).toContain(inPage);
  });

  it("tells of one that is gone", async () => {
    renameSync(picture, `${picture}.old`);
    const {problems, facts} = await pageOfFile(result, startedAt);
    expect(problems).toEqual(["cell 2: expected a picture at plots/plan.png, found none"]);
    expect(facts.status).toBe("render-failed");
  });

  it("takes none from beside another notebook of that name", async () => {
    writeFileSync(desk.notebookPath, "another");
    const {problems} = await pageOfFile(result, startedAt);
    expect(problems).toHaveLength(1);
  });
});
