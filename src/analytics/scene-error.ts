/** A scene that breaks a rule; the message names where, the rule and the value. */
export class SceneError extends Error {
  override readonly name = 'SceneError';
  /** Where in the scene, as a path: `lines[0].points`. */
  readonly path: string;

  constructor(path: string, rule: string, value: unknown) {
    const text = JSON.stringify(value) ?? String(value);
    super(
      `scene${path === '' ? '' : ` ${path}`} ${rule}; it is ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`,
    );
    this.path = path;
  }
}
