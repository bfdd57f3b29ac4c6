import { css, html, type PropertyValues } from 'lit';
import type { JobSummary, PersonTracking } from '../../client/api.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { cameraHash } from '../route.ts';
import { jobsByCamera } from './camera-videos.ts';

/** `<camera-links>`: the ways to all videos of a camera, for each that has lines or zones; nothing where none has. */
export class CameraLinks extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    jobs: { attribute: false },
    cameras: { state: true },
  };

  declare tracking: PersonTracking;
  declare jobs: readonly JobSummary[];
  declare private cameras: readonly string[];

  constructor() {
    super();
    this.jobs = [];
    this.cameras = [];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('jobs')) void this.#load();
  }

  protected override render() {
    const { language } = this;
    const jobs = jobsByCamera(this.jobs);
    const cameras = this.cameras
      .map((camera) => ({ camera, videos: jobs.get(camera)?.length ?? 0 }))
      .filter(({ videos }) => videos > 0);
    if (cameras.length === 0) return null;
    return html`<nav aria-label=${language.say('camera.list')}>
      ${icon('camera')}
      ${cameras.map(
        ({ camera, videos }) =>
          html`<a href=${cameraHash(camera)}>${language.say('camera.link', { name: camera, videos: language.say('camera.videos', { count: videos }) })}</a>`,
      )}
    </nav>`;
  }

  async #load(): Promise<void> {
    // Without storage the page says so itself.
    const scenes = await this.tracking.listScenes().catch(() => []);
    this.cameras = scenes
      .filter(({ lines, zones }) => lines.length + zones.length > 0)
      .map(({ camera }) => camera!);
  }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        align-items: center;
        margin: 0.25rem 0 0.75rem;
      }
      a {
        color: var(--accent);
        overflow-wrap: anywhere;
        min-width: 0;
      }
      .icon {
        width: 1.25em;
        height: 1.25em;
        flex: none;
        fill: none;
        stroke: currentColor;
        stroke-width: 2;
        color: var(--ink-soft);
      }
    `,
  ];
}

customElements.define('camera-links', CameraLinks);

declare global {
  interface HTMLElementTagNameMap {
    'camera-links': CameraLinks;
  }
}
