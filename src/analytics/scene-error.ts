import { shownValue } from './shown-value.ts';

/** A scene that breaks a rule; the message names where, the rule and the value. */
export class SceneError extends Error {
  override readonly name = 'SceneError';
  /** Where in the scene, as a path: `lines[0].points`. */
  readonly path: string;

  constructor(path: string, rule: string, value: unknown) {
    super(`scene${path === '' ? '' : ` ${path}`} ${rule}; it is ${shownValue(value)}`);
    this.path = path;
  }
}
