import {describe, expect, it} from "vitest";
import {readDesk} from "../../src/config/desk-config.js";
import {layerConfigs} from "../../src/config/layers.js";
import {parseOverride} from "../../src/config/override.js";
import {c1} from "../../src/models/c1.js";
import {chosenLeaves, layeredConfigOf} from "../../src/system/run/system-config-of.js";
import {deskFolder} from "./desk-folder.js";

describe("layerConfigs", () => {
  const layers = [
    {origin: "default", tree: {a: 1, b: {c: 2, d: [1]}, free: {}}},
    {origin: "model X", tree: {b: {c: 3}, free: {k: 1}}},
  ];

  it("the last layer that has a leaf decides, and every leaf has an origin", () => {
    const {tree, origins} = layerConfigs(layers, [
      {...parseOverride("a=5"), place: "environment A"},
      parseOverride("b.d=[2]"),
    ]);
    expect(tree).toEqual({a: 5, b: {c: 3, d: [2]}, free: {k: 1}});
    expect(Object.fromEntries(origins)).toEqual({
      a: "environment A",
      "b.c": "model X",
      "b.d": "flag",
      "free.k": "model X",
    });
  });

  it("an override of a sub-tree decides all its leaves", () => {
    const {tree, origins} = layerConfigs(layers, [parseOverride('b={"c": 9}')]);
    expect(tree.b).toEqual({c: 9});
    expect(Object.fromEntries(origins)).toEqual({a: "default", "b.c": "flag", "free.k": "model X"});
  });

  it("an unknown key is told with the place it was written at", () => {
    const override = {...parseOverride("b.cc=1"), place: "reckon.config.yaml:4"};
    expect(() => layerConfigs(layers, [override])).toThrow(
      'reckon.config.yaml:4: expected a known key under "b" (c, d), found unknown config key "cc"',
    );
  });
});

describe("the layers of a run", () => {
  const FILE = [
    "defaults:",
    "  portfolio_config: {initial_cash: 2}",
    "  market_data_config: {delay_in_secs: 2, sleep_in_secs: 2, stale_after_bars: 2}",
    "model_config:",
    "  C1:",
    "    market_data_config: {delay_in_secs: 3, sleep_in_secs: 3, history_lookback: 50h}",
    "  mock1:",
    "    trading_period: 1h",
  ].join("\n");
  const ENV = {
    RECKON_CONFIG__market_data_config__sleep_in_secs: "4",
    RECKON_CONFIG__market_data_config__universe_version: "v4",
  };

  it("are defaults, model, file, file for the model, environment, flags", () => {
    const desk = readDesk(ENV, deskFolder({"reckon.config.yaml": FILE}));
    const overrides = [parseOverride("market_data_config.universe_version=v5")];
    const layered = layeredConfigOf({model: c1, overrides, desk});
    expect(layered.tree).toMatchObject({
      dag_builder_class: "C1",
      trading_period: "5T",
      portfolio_config: {initial_cash: 2},
      market_data_config: {
        time_out_in_secs: 60,
        stale_after_bars: 2,
        delay_in_secs: 3,
        history_lookback: "50h",
        sleep_in_secs: 4,
        universe_version: "v5",
      },
    });
    const origins = Object.fromEntries(layered.origins);
    expect(origins).toMatchObject({
      dag_builder_class: "the run",
      trading_period: "default",
      "dag_config.predict.reversal": "model C1",
      "portfolio_config.initial_cash": "reckon.config.yaml:2",
      "market_data_config.delay_in_secs": "reckon.config.yaml:6",
      "market_data_config.sleep_in_secs":
        "environment RECKON_CONFIG__market_data_config__sleep_in_secs",
      "market_data_config.universe_version": "flag",
    });
    expect(chosenLeaves(layered).sort()).toEqual([
      "market_data_config.delay_in_secs",
      "market_data_config.history_lookback",
      "market_data_config.sleep_in_secs",
      "market_data_config.stale_after_bars",
      "market_data_config.universe_version",
      "portfolio_config.initial_cash",
    ]);
  });

  it("what only a run's flags decide is refused wherever it is written", () => {
    const file = deskFolder({"reckon.config.yaml": "\ndefaults: {run_mode: prod}\n"});
    expect(() => layeredConfigOf({desk: readDesk({}, file)})).toThrow(
      "reckon.config.yaml:2: expected a key that --run-mode does not decide, found run_mode",
    );
    const overrides = [parseOverride('market_data_config={"exchange": "x"}')];
    expect(() => layeredConfigOf({desk: readDesk({}, deskFolder({})), overrides})).toThrow(
      /--exchange does not decide, found market_data_config\.exchange/,
    );
  });
});
