/** What can be checked of deploy/ without a cluster: that its files are well formed, and that they agree with each other. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, inject, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const root = inject('root');
const read = (path: string) => readFileSync(resolve(root, 'deploy', path), 'utf8');

/** Fields as the Kubernetes API reference (v1.32) names them, as far as they are used; `true` ends what is checked. */
interface Fields {
  readonly [name: string]: Fields | true;
}
const container: Fields = {
  name: true,
  image: true,
  command: true,
  args: true,
  resources: { requests: { cpu: true, memory: true }, limits: { cpu: true, memory: true } },
  volumeMounts: { name: true, mountPath: true },
};
const job: Fields = {
  completionMode: true,
  completions: true,
  parallelism: true,
  backoffLimit: true,
  backoffLimitPerIndex: true,
  maxFailedIndexes: true,
  suspend: true,
  template: {
    metadata: { labels: true },
    spec: {
      restartPolicy: true,
      automountServiceAccountToken: true,
      securityContext: { runAsNonRoot: true, runAsUser: true, fsGroup: true },
      containers: container,
      volumes: {
        name: true,
        persistentVolumeClaim: { claimName: true },
        emptyDir: { medium: true, sizeLimit: true },
      },
    },
  },
};
const SPECS: Record<string, Fields> = {
  'batch/v1 Job': job,
  'networking.k8s.io/v1 NetworkPolicy': { podSelector: { matchLabels: true }, policyTypes: true },
  'v1 PersistentVolumeClaim': { accessModes: true, resources: { requests: { storage: true } } },
};

/** Paths of fields that are not known. */
function unknown(value: unknown, fields: Fields | true, path: string): string[] {
  if (fields === true || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => unknown(item, fields, path));
  return Object.entries(value).flatMap(([name, inner]) =>
    name in fields ? unknown(inner, fields[name]!, `${path}.${name}`) : [`${path}.${name}`],
  );
}

test('the Kubernetes jobs are well formed, and their parts are as many as they say', () => {
  const documents = parseAllDocuments(read('kubernetes/track-in-parts.yaml'));
  const objects = documents.map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
  expect(objects.map(({ kind }) => kind)).toEqual([
    'PersistentVolumeClaim',
    'NetworkPolicy',
    'Job',
    'Job',
  ]);
  for (const object of objects) {
    const { apiVersion, kind, metadata, spec, ...others } = object;
    expect(others).toEqual({});
    expect(metadata.name).toMatch(/^footpath[a-z-]*$/);
    expect(unknown(spec, SPECS[`${apiVersion} ${kind}`]!, kind)).toEqual([]);
  }
  const [, policy, detect, join] = objects;
  expect(detect.spec).toMatchObject({
    completionMode: 'Indexed',
    completions: 20,
    parallelism: 20,
  });
  for (const { spec } of [detect, join]) {
    const { spec: pod, metadata } = spec.template;
    expect(metadata.labels).toEqual(policy.spec.podSelector.matchLabels);
    const volumes = pod.volumes.map(({ name }: { name: string }) => name);
    for (const { name } of pod.containers[0].volumeMounts) expect(volumes).toContain(name);
  }
  const script: string = detect.spec.template.spec.containers[0].args[0];
  expect(script).toContain(`--part $part/${detect.spec.completions}`);
  execFileSync('sh', ['-n'], { input: script });
});

test('options that deploy/ gives are options of the command line', () => {
  const usage = ['detect.ts', 'track-options.ts'].map((name) =>
    readFileSync(resolve(root, 'cli', name), 'utf8'),
  );
  const calls = [read('kubernetes/track-in-parts.yaml'), read('parallel/track-in-parts.sh')].join();
  const given = [...calls.matchAll(/footpath (?:detect|track) .*|DETECT:-.*\}|\[track.*\]/gi)]
    .flatMap(([call]) => call.match(/--[a-z][a-z-]+/g) ?? [])
    .filter((name) => !['--retries', '--jobs'].includes(name));
  expect(given.length).toBeGreaterThan(5);
  for (const name of given) expect(usage.join(), name).toContain(`  ${name} `);
});

test('the scripts are what sh takes, and the container is offline at run time', () => {
  execFileSync('sh', ['-n', resolve(root, 'deploy/parallel/track-in-parts.sh')]);
  const lines = read('container/Containerfile').replace(/\\\n/g, '').split('\n');
  const instructions = lines.filter((line) => /^\S/.test(line) && !line.startsWith('#'));
  const names = instructions.map((line) => line.split(' ')[0]);
  for (const name of names)
    expect(['FROM', 'RUN', 'ENV', 'COPY', 'USER', 'WORKDIR', 'ENTRYPOINT', 'CMD']).toContain(name);
  // What fetches is done before the user is changed, when the image is made.
  expect(names.indexOf('USER')).toBeGreaterThan(names.lastIndexOf('RUN'));
  expect(names.at(-2)).toBe('ENTRYPOINT');
});
