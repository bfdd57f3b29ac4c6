import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the optional real data, or '' where it is absent. */
    shared: string;
    /** Folder of the project. */
    root: string;
  }
}
