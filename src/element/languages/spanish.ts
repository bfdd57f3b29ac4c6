import type { TrackerWords } from './words.ts';

/** Spanish. */
export const spanish: TrackerWords = {
  language: 'es',
  direction: 'ltr',
  drop: 'Suelte aquí un vídeo',
  release: 'Suelte para empezar',
  choose: 'Elegir un vídeo',
  start: 'Buscar personas',
  stop: 'Detener',
  again: 'Intentar de nuevo',
  another: 'Otro vídeo',
  privacy: 'El vídeo no sale de este dispositivo.',
  stages: {
    waiting: 'Esperando al vídeo anterior',
    'needs-permission': 'Esperando su permiso para leer el vídeo',
    opening: 'Abriendo el vídeo',
    'loading-model': 'Preparando la búsqueda de personas',
    tracking: 'Siguiendo a las personas',
    refining: 'Uniendo los recorridos',
    done: 'Listo',
  },
  progress: 'Progreso',
  peopleSoFar: (count) => (count === 1 ? '1 persona hasta ahora' : `${count} personas hasta ahora`),
  people: (count) => (count === 1 ? '1 persona' : `${count} personas`),
  minutesLeft: (minutes) =>
    minutes === 1 ? 'queda un minuto aproximadamente' : `quedan unos ${minutes} minutos`,
  failed: 'No se pudo analizar este vídeo',
  stopped: 'Detenido',
  notShown: 'El vídeo no se puede mostrar aquí; los recorridos sí.',
};
