import type { TrackerWords } from './words.ts';

/** German. */
export const german: TrackerWords = {
  language: 'de',
  direction: 'ltr',
  drop: 'Video hier ablegen',
  release: 'Loslassen zum Starten',
  choose: 'Video auswählen',
  start: 'Personen finden',
  stop: 'Anhalten',
  again: 'Noch einmal versuchen',
  another: 'Anderes Video',
  privacy: 'Das Video bleibt auf diesem Gerät.',
  stages: {
    waiting: 'Wartet auf das Video davor',
    'needs-permission': 'Wartet auf Ihre Erlaubnis, das Video zu lesen',
    opening: 'Video wird geöffnet',
    'loading-model': 'Personensuche wird vorbereitet',
    tracking: 'Personen werden verfolgt',
    refining: 'Wege werden zusammengefügt',
    done: 'Fertig',
  },
  progress: 'Fortschritt',
  peopleSoFar: (count) => (count === 1 ? 'bisher 1 Person' : `bisher ${count} Personen`),
  people: (count) => (count === 1 ? '1 Person' : `${count} Personen`),
  minutesLeft: (minutes) =>
    minutes === 1 ? 'noch etwa eine Minute' : `noch etwa ${minutes} Minuten`,
  failed: 'Dieses Video konnte nicht ausgewertet werden',
  stopped: 'Angehalten',
  notShown: 'Das Video kann hier nicht gezeigt werden; die Wege schon.',
};
