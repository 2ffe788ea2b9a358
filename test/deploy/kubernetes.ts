/**
 * The manifests of infra/kubernetes as a test reads them: every document of the
 * base, and the base with an overlay's patches merged in as kustomize does it
 * for fields that are no lists.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";

export const folder = "infra/kubernetes";

const kustomization = z.strictObject({
  apiVersion: z.literal("kustomize.config.k8s.io/v1beta1"),
  kind: z.literal("Kustomization"),
  namespace: z.string().optional(),
  resources: z.array(z.string()),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })).optional(),
  patches: z.array(z.strictObject({ path: z.string() })).optional(),
});

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
export type Manifest = z.infer<typeof manifest>;

export interface Place {
  readonly file: string;
  readonly manifest: Manifest;
}

export function readKustomization(place: string): z.infer<typeof kustomization> {
  return kustomization.parse(parse(readFileSync(path.join(place, "kustomization.yaml"), "utf8")));
}

/** Files of a folder that its kustomization names nowhere. */
export function unnamedFiles(place: string): readonly string[] {
  const { resources, patches = [] } = readKustomization(place);
  const named = new Set([...resources, ...patches.map((patch) => patch.path), "kustomization.yaml"]);
  return readdirSync(place).filter((file) => !named.has(file));
}

/** Every document that a folder's kustomization comes to. */
export function manifestsOf(place: string): readonly Place[] {
  const { resources, patches = [] } = readKustomization(place);
  const found = resources.flatMap((resource): readonly Place[] => {
    const at = path.join(place, resource);
    return existsSync(path.join(at, "kustomization.yaml")) ? manifestsOf(at) : documentsOf(at);
  });
  return patches.flatMap((patch) => documentsOf(path.join(place, patch.path))).reduce(patched, found);
}

function patched(found: readonly Place[], patch: Place): readonly Place[] {
  const key = keyOf(patch.manifest);
  if (!found.some((other) => keyOf(other.manifest) === key)) throw new Error(`${patch.file}: there is no ${key}`);
  return found.map((other) =>
    keyOf(other.manifest) === key
      ? { ...other, manifest: manifest.parse(merged(other.manifest, patch.manifest)) }
      : other,
  );
}

export function keyOf({ apiVersion, kind, metadata }: Manifest): string {
  return `${apiVersion} ${kind} ${metadata.name}`;
}

function documentsOf(file: string): readonly Place[] {
  return parseAllDocuments(readFileSync(file, "utf8")).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors.join("; ")}`);
    return { file, manifest: manifest.parse(document.toJS()) };
  });
}

function merged(base: unknown, patch: unknown): unknown {
  if (!isGroup(base) || !isGroup(patch)) return patch;
  const keys = new Set([...Object.keys(base), ...Object.keys(patch)]);
  return Object.fromEntries(Array.from(keys, (key) => [key, key in patch ? merged(base[key], patch[key]) : base[key]]));
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What our own pods have, in the form that all of them share. Strict, as the schemas take fields that they do not know. */
export const podTemplate = z.strictObject({
  metadata: z.strictObject({ labels: z.record(z.string(), z.string()) }),
  spec: z.strictObject({
    automountServiceAccountToken: z.literal(false),
    // Links would bring variables of their own, and an unknown BREAKWATER_ one stops the start.
    enableServiceLinks: z.literal(false),
    terminationGracePeriodSeconds: z.int().optional(),
    restartPolicy: z.literal("Never").optional(),
    topologySpreadConstraints: z.array(z.unknown()).optional(),
    securityContext: z.strictObject({
      runAsNonRoot: z.literal(true),
      runAsUser: z.literal(1000),
      runAsGroup: z.literal(1000),
      fsGroup: z.literal(1000),
      seccompProfile: z.strictObject({ type: z.literal("RuntimeDefault") }),
    }),
    containers: z
      .array(
        z.strictObject({
          name: z.string(),
          image: z.literal("breakwater"),

          args: z.array(z.string()).min(1),
          envFrom: z.array(z.strictObject({ configMapRef: z.strictObject({ name: z.string() }) })),
          env: z.array(
            z.strictObject({
              name: z.string(),
              value: z.string().optional(),
              valueFrom: z
                .strictObject({
                  secretKeyRef: z.strictObject({ name: z.string(), key: z.string(), optional: z.literal(true) }),
                })
                .optional(),
            }),
          ),
          ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })).optional(),
          startupProbe: z.unknown().optional(),
          readinessProbe: z.unknown().optional(),
          livenessProbe: z.unknown().optional(),
          resources: z.strictObject({
            requests: z.strictObject({ cpu: z.string(), memory: z.string() }),
            limits: z.strictObject({ memory: z.string() }),
          }),
          securityContext: z.strictObject({
            allowPrivilegeEscalation: z.literal(false),
            readOnlyRootFilesystem: z.literal(true),
            capabilities: z.strictObject({ drop: z.tuple([z.literal("ALL")]) }),
          }),
          volumeMounts: z.array(
            z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
          ),
        }),
      )
      .length(1),
    volumes: z.array(
      z.strictObject({
        name: z.string(),
        emptyDir: z.unknown().optional(),
        projected: z
          .strictObject({
            defaultMode: z.literal(0o440),
            sources: z.array(
              z.record(
                z.enum(["secret", "configMap"]),
                z
                  .object({ name: z.string(), items: z.array(z.strictObject({ key: z.string(), path: z.string() })) })
                  .optional(),
              ),
            ),
          })
          .optional(),
      }),
    ),
  }),
});
