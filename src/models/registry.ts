import {currentDesk, type Desk} from "../config/desk-config.js";
import {nearestName} from "../config/nearest-name.js";
import {ReckonError} from "../errors.js";
import {c1} from "./c1.js";
import {loadDeskModels} from "./desk-models.js";
import {mock1} from "./mock1.js";
import type {Model} from "./model.js";

/** Every model that comes with this package; a new one is a new file and a line here. */
export const MODELS: readonly Model[] = [mock1, c1];

const BUILT_IN = "built in";

/** A model and where it comes from. */
export interface KnownModel {
  readonly model: Model;
  /** `built in`, a path from the folder of the desk's file, or the name of a package. */
  readonly source: string;
}

/** The models there are, and what keeps others of the desk from being used. */
export interface KnownModels {
  readonly known: readonly KnownModel[];
  readonly broken: readonly ReckonError[];
  /** Those of {@link broken} that say which models share a name, by that name. */
  readonly clashes: ReadonlyMap<string, ReckonError>;
}

/**
 * The models that come with this package, then those of the desk. One of the desk that goes by a
 * name which is taken is told among the broken ones.
 *
 * @throws ReckonError `misuse` when the desk's file configures a model there is not
 */
export function knownModels(desk: Desk = currentDesk()): KnownModels {
  const named = namedModels(desk);
  const {known, broken} = named;
  if (broken.length > 0) {
    return named; // a config may belong to one of those
  }
  const ids = known.map(({model}) => model.id);
  for (const [id, {place}] of desk.modelConfig) {
    if (!ids.includes(id)) {
      throw new ReckonError("misuse", `${place}: ${unknownModel(id, ids)}`);
    }
  }
  return named;
}

/**
 * The model of an id or alias, or of a reference builder pointer: `a.b.C1_DagBuilder_tmp` is the
 * class name up to `_DagBuilder`.
 *
 * @param desk whose models are known besides those of this package
 * @throws ReckonError `misuse` naming the models there are, or those that share the name: one of
 *   them would be the wrong one; `bad-data` when it may be one of those that do not load
 */
export function findModel(name: string, desk: Desk = currentDesk()): Model {
  const className = name.split(".").at(-1) as string;
  const wanted = className.replace(/_DagBuilder.*$/, "");
  const {known, broken, clashes} = knownModels(desk);
  const clash = clashes.get(wanted);
  if (clash !== undefined) {
    throw clash;
  }
  const models = known.map(({model}) => model);
  const found = models.find((model) => namesOf(model).includes(wanted));
  if (found !== undefined) {
    return found;
  }
  const message = unknownModel(
    name,
    models.map(({id}) => id),
    wanted,
  );
  const [first] = broken;
  if (first === undefined) {
    throw new ReckonError("misuse", message);
  }
  const count = broken.length === 1 ? "a model does" : `${broken.length} models do`;
  throw new ReckonError("bad-data", `${message}; ${count} not load: ${first.message}`);
}

function unknownModel(name: string, ids: readonly string[], wanted = name): string {
  const near = nearestName(wanted, ids);
  const hint = near === undefined ? "" : `; did you mean "${near}"?`;
  return `unknown model "${name}"; known: ${ids.join(", ")}${hint}`;
}

function namesOf({id, aliases = []}: Model): string[] {
  return [...new Set([id, ...aliases])];
}

/** Every model under names of its own; of two that share one, the first. */
function namedModels(desk: Desk): KnownModels {
  const {models, broken} = loadDeskModels(desk);
  const known: KnownModel[] = [];
  const clashes = new Map<string, ReckonError>();
  const owners = new Map<string, KnownModel>();
  const builtIn = MODELS.map((model) => ({model, source: BUILT_IN}));
  for (const owner of [...builtIn, ...models]) {
    const names = namesOf(owner.model);
    const taken = names.filter((name) => owners.has(name));
    for (const name of taken) {
      clashes.set(name, clashOf(name, [owners.get(name) as KnownModel, owner]));
    }
    if (taken.length === 0) {
      known.push(owner);
      for (const name of names) {
        owners.set(name, owner);
      }
    }
  }
  return {known, broken: [...broken, ...clashes.values()], clashes};
}

function clashOf(name: string, owners: readonly KnownModel[]): ReckonError {
  return new ReckonError("misuse", {
    place: `model ${name}`,
    expected: "one model of this id or alias",
    found: owners.map(({model, source}) => `${model.id} (${source})`).join(" and "),
    fix: "rename the one of your own",
  });
}
