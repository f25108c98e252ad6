import {existsSync, lstatSync, readFileSync, symlinkSync} from "node:fs";
import {createRequire} from "node:module";
import {join, resolve} from "node:path";
import {DESK_FILE_NAME, type Desk, readDesk} from "../config/desk-config.js";
import {messageOf, ReckonError} from "../errors.js";
import {makeFolder} from "../make-folder.js";
import {MODELS} from "../models/registry.js";
import {writeWholeFile} from "../runlog/whole-file.js";
import {packageRoot} from "../system/run/run-record.js";

/** What {@link newModel} did, in paths below the desk's folder. */
export interface NewModelReport {
  /** `models/R1.js`. */
  readonly modelFile: string;
  readonly written: readonly string[];
  /** The line that the desk's file lacks to name the model; undefined when it does. */
  readonly lineToAdd?: string;
  /** Set where the package was linked into the folder: what `import "reckon"` finds. */
  readonly linkedTo?: string;
}

/**
 * Makes a model of the template, in a desk's folder that need not be there yet: `models/{id}.js`,
 * the desk's file and a `package.json` where there are none, and a link to this package where the
 * folder does not find it. What is there already is left as it is.
 *
 * @throws ReckonError `misuse` for an id that cannot be one or is taken, or a file in the way
 */
export function newModel({id, dir}: {readonly id: string; readonly dir: string}): NewModelReport {
  checkId(id);
  const modelFile = join("models", `${id}.js`);
  if (existsSync(join(dir, modelFile))) {
    throw new ReckonError("misuse", {
      place: join(dir, modelFile),
      expected: "no file there yet",
      found: "one",
      fix: "choose another id, or change that file",
    });
  }
  const desk = existsSync(join(dir, DESK_FILE_NAME)) ? readDesk({}, dir) : undefined;
  const written: string[] = [];
  const write = (name: string, text: string): void => {
    writeWholeFile(join(dir, name), text);
    written.push(name);
  };
  makeFolder(join(dir, "models"));
  const template = readFileSync(join(packageRoot(), "templates", "model.js"), "utf8");
  write(modelFile, template.replaceAll("MODEL_ID", id));
  if (desk === undefined) {
    write(
      DESK_FILE_NAME,
      "# Each file in models/ is one trading model.\nmodels:\n  - ./models/*.js\n",
    );
  }
  if (!existsSync(join(dir, "package.json"))) {
    write("package.json", `${JSON.stringify({private: true, type: "module"}, null, 2)}\n`);
  }
  const linkedTo = linkPackage(dir);
  return {
    modelFile,
    written,
    ...(desk === undefined || names(desk, modelFile) ? {} : {lineToAdd: `  - ./models/${id}.js`}),
    ...(linkedTo === undefined ? {} : {linkedTo}),
  };
}

function checkId(id: string): void {
  if (!/^[A-Za-z]\w*$/.test(id) || id.includes("_DagBuilder")) {
    throw new ReckonError("misuse", {
      place: "the model's id",
      expected: "letters, digits and _, a letter first, without _DagBuilder",
      found: JSON.stringify(id),
    });
  }
  const taken = MODELS.find((model) => [model.id, ...(model.aliases ?? [])].includes(id));
  if (taken !== undefined) {
    throw new ReckonError("misuse", {
      place: `model ${id}`,
      expected: "an id that no other model has",
      found: `${taken.id}, which is built in`,
      fix: "choose another",
    });
  }
}

/** Whether the desk's file names this file, or all files of its folder. */
function names({dir, models}: Desk, modelFile: string): boolean {
  const wanted = [modelFile, join("models", "*.js")].map((name) => resolve(dir, name));
  return models.some(({text}) => wanted.includes(resolve(dir, text)));
}

/** As `npm link` would; the package's folder, or undefined where it is found already. */
function linkPackage(dir: string): string | undefined {
  try {
    createRequire(join(resolve(dir), DESK_FILE_NAME)).resolve("reckon");
    return undefined;
  } catch {}
  const root = packageRoot();
  const link = join(dir, "node_modules", "reckon");
  try {
    makeFolder(join(dir, "node_modules"));
    symlinkSync(root, link, "junction");
  } catch (cause) {
    const isThere = lstatSync(link, {throwIfNoEntry: false}) !== undefined;
    throw new ReckonError(
      "misuse",
      {
        place: link,
        expected: `a place for a link to ${root}`,
        found: isThere ? "something that does not lead to reckon" : messageOf(cause),
        fix: isThere ? "remove it" : `install reckon in ${dir}`,
      },
      {cause},
    );
  }
  return root;
}
