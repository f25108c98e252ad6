import {execFileSync, spawnSync} from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import {createServer} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** A PostgreSQL server that a test may stop and start as it likes. */
export interface OwnServer {
  readonly port: number;
  readonly url: string;
  start(): void;
  /** As if the machine lost power: nobody is told. */
  crash(): void;
  /** Stops the server if it runs, and deletes it. */
  remove(): void;
}

const programs = findPrograms();

/** True where `initdb` and `pg_ctl` are installed. */
export const HAS_OWN_SERVER = programs !== undefined;

/** Makes a server in a scratch folder, on loopback alone, and starts it. */
export async function startOwnServer(): Promise<OwnServer> {
  if (programs === undefined) {
    throw new Error("no PostgreSQL is installed; ask HAS_OWN_SERVER first");
  }
  const scratch = mkdtempSync(join(tmpdir(), "reckon-pg-"));
  const data = join(scratch, "data");
  chmodSync(scratch, 0o755);
  mkdirSync(data);
  const owner = ownerOf(data);
  const run = (program: string, ...args: string[]) =>
    execFileSync(
      owner[0] ?? join(programs, program),
      [...owner.slice(1), ...(owner.length > 0 ? [join(programs, program)] : []), ...args],
      {cwd: scratch, stdio: ["ignore", "ignore", "pipe"], timeout: 60_000},
    );
  run(
    "initdb",
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "--locale=C",
    "-E",
    "UTF8",
    "--no-sync",
  );
  const port = await freePort();
  const place = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  const settings = `${place} -c fsync=off`;
  const start = () => {
    run("pg_ctl", "-D", data, "-l", join(data, "log"), "-w", "-t", "60", "-o", settings, "start");
  };
  const crash = () => {
    run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop");
  };
  start();
  return {
    port,
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    start,
    crash,
    remove() {
      if (existsSync(join(data, "postmaster.pid"))) {
        crash();
      }
      rmSync(scratch, {recursive: true, force: true});
    },
  };
}

/** The folder of the server's programs; Debian keeps them out of the PATH. */
function findPrograms(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .map(Number)
        .sort((a, b) => b - a)
    : [];
  const places = [
    ...versions.map((version) => join(debian, String(version), "bin")),
    ...(process.env.PATH ?? "").split(":"),
  ];
  return places.find(
    (place) => existsSync(join(place, "initdb")) && existsSync(join(place, "pg_ctl")),
  );
}

/** What runs a program as somebody the server accepts: it refuses to be root. */
function ownerOf(data: string): string[] {
  if (process.getuid?.() !== 0) {
    return [];
  }
  const id = (flag: string) => Number(spawnSync("id", [flag, "postgres"]).stdout);
  chownSync(data, id("-u"), id("-g"));
  return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"];
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const {port} = server.address() as {port: number};
  await new Promise((resolve) => server.close(resolve));
  return port;
}
