import type { JsonObject } from '@countersign/core';

/** Gives a short-lived signed address for an artifact. */
export type ArtifactUrl = (artifactId: string) => string;

/** A stored output (or its JSON copy) with snake_case parts and an address on every file. */
export function signOutput(output: object, artifactUrl: ArtifactUrl): JsonObject {
  const { parts, ...rest } = output as { parts?: unknown };
  const list = Array.isArray(parts) ? (parts as JsonObject[]) : [];
  return { ...(rest as JsonObject), parts: list.map((part) => partView(part, artifactUrl)) };
}

function partView(part: JsonObject, artifactUrl: ArtifactUrl): JsonObject {
  if (part.kind !== 'file' || typeof part.artifactId !== 'string') return part;
  const { artifactId, ...rest } = part;
  return { ...rest, artifact_id: artifactId as string, url: artifactUrl(artifactId as string) };
}
