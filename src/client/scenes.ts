import { EMPTY_SCENE, parseScene, type Scene } from '../analytics/scene.ts';
import { SceneError } from '../analytics/scene-error.ts';
import type { RecordingRecord } from '../engine/job.ts';
import type { SceneStore } from '../store/scenes.ts';

/** The scenes that are kept, by the names of their cameras. One that an older or newer release wrote otherwise is left out. */
export async function listScenes(store: Pick<SceneStore, 'list'>): Promise<Scene[]> {
  return (await store.list()).flatMap(({ camera, json }) => {
    try {
      return [{ ...parseScene(json), camera }];
    } catch (error) {
      if (!(error instanceof SceneError)) throw error;
      console.warn(`footpath: the scene of camera ${camera} is not used`, error);
      return [];
    }
  });
}

/** Keeps a scene under its camera's name. @throws SceneError */
export async function saveScene(store: Pick<SceneStore, 'put'>, input: unknown): Promise<void> {
  const { startsAt: _, ...scene } = parseScene(input);
  const { camera } = scene;
  if (camera === undefined)
    throw new SceneError('camera', 'must be named to keep the scene', camera);
  await store.put({ camera, json: JSON.stringify(scene) });
}

/** What is said of a recording, by the rules of scenes. @throws SceneError */
export function checkedRecording({ camera, startsAt }: RecordingRecord): RecordingRecord {
  const said = {
    ...(camera === undefined ? {} : { camera }),
    ...(startsAt === undefined ? {} : { startsAt }),
  };
  parseScene({ ...EMPTY_SCENE, ...said, startsAt: startsAt ?? undefined });
  return said;
}
