import type {KernelOutput} from "../../kernel/kernel-output.js";
import {type MimeBundle, type Output, RECORD_MIME} from "../file/nbformat.js";
import {StreamText} from "./stream-text.js";

interface OpenStream {
  readonly output_type: "stream";
  readonly name: "stdout" | "stderr";
  readonly text: StreamText;
}

type OpenDisplay = {
  readonly output_type: "display_data";
  data: MimeBundle;
  metadata: Record<string, unknown>;
};

type OpenOutput = OpenStream | OpenDisplay | Extract<Output, {output_type: "error"}>;

/** Gathers the outputs of a run, cell by cell, into what a notebook holds. */
export class OutputCollector {
  readonly #cells = new Map<number, OpenOutput[]>();
  /** By display id: every place that shows it, in whichever cell. */
  readonly #displays = new Map<string, OpenDisplay[]>();
  readonly #results = new Map<string, unknown>();

  add(cellIndex: number, output: KernelOutput): void {
    const outputs = this.#cells.get(cellIndex) ?? [];
    this.#cells.set(cellIndex, outputs);
    switch (output.kind) {
      case "stream":
        addText(outputs, output.name, output.text);
        return;
      case "error": {
        const {ename, evalue, traceback} = output;
        outputs.push({output_type: "error", ename, evalue, traceback: [...traceback]});
        return;
      }
      case "display":
        this.#show(outputs, output);
    }
  }

  /** Adds the reason why a cell was stopped, in place of the interrupt that it saw. */
  replaceInterrupt(cellIndex: number, error: Extract<KernelOutput, {kind: "error"}>): void {
    const outputs = this.#cells.get(cellIndex) ?? [];
    const kept = outputs.filter(
      (output) => !(output.output_type === "error" && output.ename === "Interrupted"),
    );
    this.#cells.set(cellIndex, kept);
    this.add(cellIndex, error);
  }

  /** What a cell has put out so far, as nbformat outputs. */
  outputsOf(cellIndex: number): Output[] {
    return (this.#cells.get(cellIndex) ?? []).map((output) =>
      output.output_type === "stream" ? {...output, text: String(output.text)} : output,
    );
  }

  /** What a cell has printed so far, to either stream. */
  textOf(cellIndex: number): string {
    const outputs = this.#cells.get(cellIndex) ?? [];
    return outputs.map((one) => (one.output_type === "stream" ? String(one.text) : "")).join("");
  }

  /** What was handed back with `record`, by name; the last value of a name counts. */
  results(): Record<string, unknown> {
    return Object.fromEntries(this.#results);
  }

  #show(outputs: OpenOutput[], output: Extract<KernelOutput, {kind: "display"}>): void {
    const data = toBundle(output.data);
    const metadata = {...output.metadata};
    this.#record(data[RECORD_MIME]);
    const {displayId, isUpdate} = output;
    const shown = displayId === null ? [] : (this.#displays.get(displayId) ?? []);
    if (isUpdate) {
      for (const display of shown) {
        display.data = data;
        display.metadata = metadata;
      }
      return;
    }
    const display: OpenDisplay = {output_type: "display_data", data, metadata};
    outputs.push(display);
    if (displayId !== null) {
      this.#displays.set(displayId, [...shown, display]);
    }
  }

  #record(value: unknown): void {
    if (typeof value === "object" && value !== null && "name" in value && "value" in value) {
      this.#results.set(String(value.name), value.value);
    }
  }
}

/** Neighbouring pieces of one stream are one output. */
function addText(outputs: OpenOutput[], name: "stdout" | "stderr", text: string): void {
  const last = outputs.at(-1);
  if (last?.output_type === "stream" && last.name === name) {
    last.text.append(text);
    return;
  }
  const stream: OpenStream = {output_type: "stream", name, text: new StreamText()};
  stream.text.append(text);
  outputs.push(stream);
}

/** JSON types hold values, but tslab's own display functions can only send text. */
function toBundle(data: Readonly<Record<string, unknown>>): MimeBundle {
  const entries = Object.entries(data).map(([mime, value]) => {
    const isText = typeof value === "string" && /[/+]json$/.test(mime);
    return [mime, isText ? parseOrKeep(value) : value] as const;
  });
  return Object.fromEntries(entries);
}

function parseOrKeep(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
