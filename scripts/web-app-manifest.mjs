/** What the operating system is told of the installed app. Addresses are relative to the manifest, beside the page. */

/** Files that the system may open with the app, by their type. */
const VIDEOS = {
  'video/mp4': ['.mp4', '.m4v'],
  'video/quicktime': ['.mov'],
  'video/webm': ['.webm'],
  'video/x-matroska': ['.mkv'],
  'video/mp2t': ['.ts', '.m2ts'],
};

const ICON = { src: 'icons/footpath-192.png', sizes: '192x192', type: 'image/png' };

/** @type {Partial<import('vite-plugin-pwa').ManifestOptions>} */
export const webAppManifest = {
  id: './',
  name: 'Footpath',
  short_name: 'Footpath',
  description: 'Follows every person through a video, on your own device.',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: '#f6f8f4',
  theme_color: '#17694c',
  categories: ['business', 'productivity', 'utilities'],
  icons: [
    ICON,
    { src: 'icons/footpath-512.png', sizes: '512x512', type: 'image/png' },
    {
      src: 'icons/footpath-maskable-512.png',
      sizes: '512x512',
      type: 'image/png',
      purpose: 'maskable',
    },
    { src: 'icons/footpath.svg', sizes: 'any', type: 'image/svg+xml' },
  ],
  // Made by scripts/make-screenshots.mjs.
  screenshots: [
    {
      src: 'screenshots/wide.jpg',
      sizes: '1280x800',
      type: 'image/jpeg',
      form_factor: 'wide',
      label: 'The paths of everyone in a video, over its pictures',
    },
    {
      src: 'screenshots/narrow.jpg',
      sizes: '780x1688',
      type: 'image/jpeg',
      form_factor: 'narrow',
      label: 'The same on a phone',
    },
  ],
  shortcuts: [
    {
      name: 'Latest video',
      description: 'The video that was started last: its paths, or how far they are',
      url: './#/latest',
      icons: [ICON],
    },
    {
      name: 'Try the sample',
      description: 'Follows the people in a short clip that comes along',
      url: './#/sample',
      icons: [ICON],
    },
  ],
  file_handlers: [{ action: './', accept: VIDEOS }],
  // The service worker takes it: src/client/shared-files.ts.
  share_target: {
    action: './share',
    method: 'POST',
    enctype: 'multipart/form-data',
    params: {
      files: [{ name: 'videos', accept: ['video/*', ...Object.values(VIDEOS).flat()] }],
    },
  },
};
