import { UploadView } from '@countersign/contracts';
import { ArtifactStore, Clock, Ids, type Principal } from '@countersign/core';
import { Controller, Post, UploadedFiles, UseInterceptors } from '@nestjs/common';
import { AnyFilesInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { invalid } from '../http/answers/problem';
import { Problems } from '../http/docs/problem-docs';
import type { KeptUpload } from './artifact-storage';
import { PublicUrl } from './public-url';

/** Characters of a name that are kept. */
const NAME_MAX = 200;

@ApiTags('files')
@Controller('uploads')
export class UploadController {
  constructor(
    private readonly artifacts: ArtifactStore,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Keep a file, to be used as an attachment', description: 'The answer\'s `url` stays the same for ever; opening it needs the right to see the file.' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } } })
  @ApiCreatedResponse({ type: UploadView })
  @Problems('BODY_TOO_LARGE', 'MALFORMED_BODY', 'VALIDATION_FAILED', 'RATE_LIMITED')
  @UseInterceptors(AnyFilesInterceptor())
  async upload(@UploadedFiles() uploads: KeptUpload[] | undefined, @Caller() { tenantId, userId }: Principal): Promise<UploadView> {
    const [upload] = uploads ?? [];
    if (!upload) throw invalid('file', 'required', 'send multipart/form-data with one file');
    const artifactId = this.ids.next();
    const { sha256, mime, bytes } = upload.stored;
    await this.artifacts.save({
      artifactId, tenantId, userId, runId: null, sha256, mime, bytes, name: plainName(upload.originalname), createdAt: this.clock.now(),
    });
    return { url: this.publicUrl.of(`/artifacts/${artifactId}`), sha256, mime, bytes };
  }
}

function plainName(name: string): string | null {
  const plain = [...(name.split(/[/\\]/).at(-1) ?? '').replace(/\p{Cc}/gu, '')].slice(0, NAME_MAX).join('').trim();
  return plain === '' ? null : plain;
}
