/** The entry `footpath/manifest`: what a result was computed from and with, and in what two runs differ. */
export { type ManifestOptions, resultManifest } from './client/result-manifest.ts';
export { canonicalDetections } from './export/canonical-detections.ts';
export { type BoxPath, type CanonicalBytes, canonicalPaths } from './export/canonical-paths.ts';
export {
  differencesOf,
  type ManifestDifference,
  type ResultManifest,
  readManifest,
} from './export/result-manifest.ts';
