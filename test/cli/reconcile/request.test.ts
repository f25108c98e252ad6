import {expect, it} from "vitest";
import type {ReconcileFlags} from "../../../src/cli/reconcile/options.js";
import {requestOf} from "../../../src/cli/reconcile/request.js";
import {parseOverrides} from "../../../src/config/override.js";

const FLAGS = {
  model: "C1",
  runMode: "paper_trading",
  startTimestamp: "20250901_000000",
  endTimestamp: "20250902_000000",
  prodDataSourceDir: "prod",
  dstRootDir: "dst",
  dataDir: "data",
} as unknown as ReconcileFlags;

it("takes each repeated override for itself, whatever stands in it, and then the joined", () => {
  const setConfigValue = ["cf_config.strategy=S;1", 'cf_config.account="open', 'a.b=it"s'];
  const {overrides, setConfigValues} = requestOf({
    ...FLAGS,
    setConfigValue,
    setConfigValues: "trading_period=5T;b=2",
  });
  const values = ["S;1", '"open', 'it"s', "5T", 2];
  expect(overrides.map(({value}) => value)).toEqual(values);
  expect(parseOverrides(setConfigValues).map(({value}) => value)).toEqual(values);
});
