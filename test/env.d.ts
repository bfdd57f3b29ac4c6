import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the optional real data, or '' where it is absent. */
    shared: string;
    /** Damaged videos of each container and kind of damage that are tried. */
    fuzz: number;
    /** Folder of the project. */
    root: string;
    /** Folder that goes with the run: see fixtures/run-folder.ts. */
    runFolder: string;
  }
}
