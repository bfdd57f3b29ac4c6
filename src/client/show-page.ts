/** The service worker tells a page of the app where in it to go, when its notification was clicked. */
export interface ShowMessage {
  readonly type: 'footpath-show';
  /** A hash of the app's addresses. */
  readonly hash: string;
}

/** Whether a message is one: anything else is dropped. */
export function isShowMessage(data: unknown): data is ShowMessage {
  const { type, hash } = Object(data) as Partial<ShowMessage>;
  return type === 'footpath-show' && typeof hash === 'string' && hash.startsWith('#/');
}
