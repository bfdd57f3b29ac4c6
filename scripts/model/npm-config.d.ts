/** The part of npm's own packages that is used here and has no types. */
declare module '@npmcli/config' {
  export default class Config {
    constructor(options: {
      npmPath: string;
      definitions: unknown;
      flatten: unknown;
      shorthands: unknown;
      argv: readonly string[];
      env: NodeJS.ProcessEnv;
      cwd: string;
    });
    /** Reads all files. */
    load(): Promise<void>;
    /** As the options of npm's libraries. */
    readonly flat: Record<string, unknown>;
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const definitions: { definitions: unknown; flatten: unknown; shorthands: unknown };
  export default definitions;
}
