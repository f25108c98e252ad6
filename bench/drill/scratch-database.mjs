import {randomBytes} from "node:crypto";
import pg from "pg";

/** Makes an empty database on a server, for the time of `use`, which is given its address. */
export async function withScratchDatabase(serverUrl, use) {
  const name = `reckon_drill_${randomBytes(6).toString("hex")}`;
  await execute(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  try {
    return await use(url.href);
  } finally {
    await execute(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function execute(connectionString, statement) {
  const client = new pg.Client({connectionString, connectionTimeoutMillis: 10_000});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
