import process from "node:process";
import type {S3Client} from "@aws-sdk/client-s3";

/** How a bucket is reached; what is not said here comes from the AWS environment and files. */
export interface S3Access {
  /** A profile of the AWS configuration files. */
  readonly profile?: string;
  /** How often a request is tried, waiting longer each time; defaults to 5. */
  readonly attempts?: number;
  /** After this long without an answer a request counts as failed; defaults to 30 s. */
  readonly timeoutMs?: number;
}

/** The part of the SDK that is used here. */
export type S3Sdk = typeof import("@aws-sdk/client-s3");

export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
}

/** Where environment and configuration name no region; S3 sends the client on from there. */
const defaultRegion = "us-east-1";

/** Loads the SDK, which takes a quarter of a second, and connects nothing yet. */
export async function s3Client(access: S3Access): Promise<S3Connection> {
  // Its notice of a Node version that a later SDK wants is no business of who publishes a page.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const sdk = await import("@aws-sdk/client-s3");
  const {attempts = 5, timeoutMs = 30_000, profile} = access;
  const shared = {
    maxAttempts: attempts,
    retryMode: "standard",
    followRegionRedirects: true,
    ...(profile !== undefined && {profile}),
    requestHandler: {
      connectionTimeout: Math.min(5_000, timeoutMs),
      socketTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
  };
  const {region, isOwnServer} = await configured(new sdk.S3Client(shared));
  // A server of one's own is seldom known by a name of its own for each bucket.
  const client = new sdk.S3Client({...shared, region, forcePathStyle: isOwnServer});
  return {sdk, client};
}

async function configured(probe: S3Client): Promise<{region: string; isOwnServer: boolean}> {
  const {serviceConfiguredEndpoint: endpoint} = probe.config as {
    serviceConfiguredEndpoint?: () => Promise<unknown>;
  };
  const region = await probe.config.region().catch(() => defaultRegion);
  const isOwnServer = (await endpoint?.().catch(() => undefined)) !== undefined;
  probe.destroy();
  return {region, isOwnServer};
}
