/** The part of the server that the tests use; the package carries no types. */
declare module "s3rver" {
  class S3rver {
    constructor(options: {
      readonly address: string;
      readonly port: number;
      readonly silent: boolean;
      readonly directory: string;
      readonly resetOnClose: boolean;
      readonly configureBuckets: readonly {readonly name: string; readonly configs: string[]}[];
    });
    run(): Promise<{readonly port: number}>;
    close(): Promise<void>;
  }
  export = S3rver;
}
