import {it} from "vitest";
import {expectNoClash} from "../publish/kernel/clash-free.js";
import {counts} from "./seeded.js";

it.skipIf(process.platform === "win32")(
  `no socket clashes in ${counts.starts} starts of kernels`,
  () => expectNoClash(counts.starts),
);
