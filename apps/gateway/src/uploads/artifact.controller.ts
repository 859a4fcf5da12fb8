import { ArtifactFiles, ArtifactStore, maySee, type Artifact, type OpenedFile } from '@countersign/core';
import { ArtifactSigner } from '@countersign/files';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OpenDoor } from '../http/callers/caller';
import { PrincipalResolver } from '../http/callers/principal-resolver';
import { ProblemError } from '../http/answers/problem';
import { Problems } from '../http/docs/problem-docs';
import { fileHeaders, isUnchanged, wantedRange } from './artifact-answer';

const OK = 200;
const PARTIAL = 206;
const NOT_MODIFIED = 304;
const BINARY = { type: 'string', format: 'binary' };

@ApiTags('files')
@Controller('artifacts')
export class ArtifactController {
  constructor(
    private readonly artifacts: ArtifactStore,
    private readonly files: ArtifactFiles,
    private readonly signer: ArtifactSigner,
    private readonly resolver: PrincipalResolver,
  ) {}

  @OpenDoor()
  @Get(':id')
  @ApiOperation({ summary: 'A kept file', description: 'By signed address (good for an hour), or as somebody who may see it. Ranges and conditional requests as in RFC 9110.' })
  @ApiQuery({ name: 'expires', required: false, schema: { type: 'string' } })
  @ApiQuery({ name: 'sig', required: false, schema: { type: 'string' } })
  @ApiProduces('*/*')
  @ApiResponse({ status: OK, description: 'The file', schema: BINARY })
  @ApiResponse({ status: PARTIAL, description: 'The part that was asked for', schema: BINARY })
  @ApiResponse({ status: NOT_MODIFIED, description: 'The caller has it already' })
  @Problems('ARTIFACT_NOT_FOUND', 'RANGE_NOT_SATISFIABLE')
  async read(@Param('id') id: string, @Query() query: Record<string, unknown>, @Req() request: Request, @Res() response: Response): Promise<void> {
    const artifact = await this.find(id, query, request);
    response.set(fileHeaders(artifact));
    if (isUnchanged(artifact, request.get('if-none-match'))) return void response.status(NOT_MODIFIED).end();
    const range = request.method === 'GET' ? wantedRange(artifact, request.headers as { range?: string; 'if-range'?: string }) : null;
    const opened = await this.files.open(artifact.sha256, range ?? undefined);
    await send(opened, { isPart: range !== null, isHead: request.method === 'HEAD' }, response);
  }

  private async find(id: string, { expires, sig }: Record<string, unknown>, request: Request): Promise<Artifact> {
    const isSigned = typeof expires === 'string' && typeof sig === 'string' && this.signer.isValid(id, { expires, sig });
    const principal = isSigned ? null : await this.resolver.resolve({ headers: request.headers });
    const artifact = isUUID(id) ? await this.artifacts.find(id) : null;
    if (!artifact || (principal !== null && !maySee(principal, artifact))) throw notFound();
    return artifact;
  }
}

const notFound = (): ProblemError => new ProblemError('ARTIFACT_NOT_FOUND', 'there is no such file, or it is not yours, or its address has expired');
/** Headers that speak of the file, not of the answer that there is none. */
const FILE_HEADERS = ['ETag', 'Cache-Control', 'Content-Disposition'];

async function send(opened: OpenedFile, { isPart, isHead }: { isPart: boolean; isHead: boolean }, response: Response): Promise<void> {
  if (opened.outcome !== 'ok') FILE_HEADERS.forEach((name) => response.removeHeader(name));
  if (opened.outcome === 'missing') throw notFound();
  if (opened.outcome === 'bad_range') {
    response.setHeader('Content-Range', `bytes */${opened.bytes}`);
    throw new ProblemError('RANGE_NOT_SATISFIABLE', `the file has ${opened.bytes} bytes`);
  }
  const { start, end, bytes } = opened;
  response.status(isPart ? PARTIAL : OK).setHeader('Content-Length', String(end - start + 1));
  if (isPart) response.setHeader('Content-Range', `bytes ${start}-${end}/${bytes}`);
  if (isHead) return void response.end();
  // A reader that goes away ends the stream, and the file with it; there is nobody left to tell.
  await pipeline(Readable.from(opened.stream), response).catch(() => response.destroy());
}
