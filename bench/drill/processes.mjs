import {spawn} from "node:child_process";
import {createWriteStream, mkdirSync} from "node:fs";
import {join} from "node:path";
import {createInterface} from "node:readline";

const LINE_MS = 10 * 60_000;
const DONE_MS = 10 * 60_000;
const STOP_MS = 30_000;

/** Child processes; what they print is kept in a file each, and none outlives the drill. */
export class Processes {
  #running = new Set();
  #logs;

  constructor(logs) {
    this.#logs = logs;
    mkdirSync(logs, {recursive: true});
  }

  /** Starts a process that goes on. */
  start(name, [program, ...args]) {
    const child = new Child(name, spawn(program, args), join(this.#logs, `${name}.txt`));
    this.#running.add(child);
    void child.code.then(() => this.#running.delete(child));
    return child;
  }

  /** What a process printed that has to end well. */
  async done(name, command) {
    const child = this.start(name, command);
    const code = await child.end(DONE_MS);
    if (code !== 0) {
      throw new Error(`${name} ended with exit code ${code}: ${child.lastLines()}`);
    }
    return child.printed.join("\n");
  }

  async stopAll() {
    await Promise.all([...this.#running].map((child) => child.stop()));
  }
}

class Child {
  /** Lines of standard output. */
  printed = [];
  #name;
  #child;
  #newest = [];
  #watchers = new Set();

  constructor(name, child, logFile) {
    this.#name = name;
    this.#child = child;
    const log = createWriteStream(logFile);
    const keep = (line) => {
      log.write(`${line}\n`);
      this.#newest = [...this.#newest.slice(-4), line];
    };
    createInterface({input: child.stderr}).on("line", keep);
    createInterface({input: child.stdout}).on("line", (line) => {
      keep(line);
      this.printed.push(line);
      for (const watch of this.#watchers) {
        watch(line);
      }
    });
    this.code = new Promise((resolve) => {
      child.once("error", (error) => {
        keep(error.message);
        log.end();
        resolve(1);
      });
      child.once("close", (code, signal) => {
        log.end();
        resolve(code ?? signal);
      });
    });
  }

  /** The first line on standard output that fits. */
  async line(fits) {
    const isWanted = fits instanceof RegExp ? (text) => fits.test(text) : fits;
    const seen = this.printed.find(isWanted);
    if (seen !== undefined) {
      return seen;
    }
    let watch;
    const found = new Promise((resolve) => {
      watch = (text) => isWanted(text) && resolve(text);
      this.#watchers.add(watch);
    });
    try {
      return await inTime(LINE_MS, `${this.#name} to print a line`, [
        found,
        this.code.then((code) => {
          throw new Error(`${this.#name} ended with ${code}: ${this.lastLines()}`);
        }),
      ]);
    } finally {
      this.#watchers.delete(watch);
    }
  }

  /** Its exit code, or the name of the signal that ended it. */
  async end(deadlineMs) {
    return await inTime(deadlineMs, `${this.#name} to end`, [this.code]);
  }

  /** Asks it to end, and ends it when it does not. */
  async stop() {
    this.#child.kill("SIGTERM");
    try {
      return await this.end(STOP_MS);
    } catch {
      this.#child.kill("SIGKILL");
      return await this.code;
    }
  }

  lastLines() {
    return this.#newest.join("\n");
  }
}

async function inTime(ms, what, promises) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms / 1_000} s for ${what}`)), ms);
  });
  try {
    return await Promise.race([...promises, late]);
  } finally {
    clearTimeout(timer);
  }
}
