import { ArtifactFiles, ArtifactStore } from '@countersign/core';
import { ArtifactSigner, FsArtifactFiles, LookAtFiles, OwnFiles } from '@countersign/files';
import { filesToLookAt } from '@countersign/validator';
import { Global, Module } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { ArtifactUrls } from '../http/answers/artifact-urls';
import { GatewayEnv } from '../gateway.env';
import { ArtifactController } from './artifact.controller';
import { ArtifactStorage } from './artifact-storage';
import { BotFetch, botFetch, BotFiles, EntryFacts } from './bot-files';
import { PublicUrl } from './public-url';
import { SignedArtifactUrls } from './signed-artifact-urls';
import { UploadController } from './upload.controller';

/** Longest name of a part, bytes. */
const FIELD_NAME_BYTES = 100;

/** Kept files: uploads in, results out. */
@Global()
@Module({
  imports: [
    MulterModule.registerAsync({
      useFactory: (env: GatewayEnv) => ({
        storage: new ArtifactStorage(new FsArtifactFiles(env.DATA_DIR), env.UPLOAD_LIMIT_BYTES), defParamCharset: 'utf8',
        limits: { files: 1, parts: 1, fields: 0, fieldNameSize: FIELD_NAME_BYTES, fileSize: env.UPLOAD_LIMIT_BYTES },
      }),
      inject: [GatewayEnv],
    }),
  ],
  controllers: [UploadController, ArtifactController],
  providers: [
    PublicUrl,
    EntryFacts,
    BotFiles,
    { provide: BotFetch, useFactory: (env: GatewayEnv) => botFetch(env.FETCH_ALLOW_HOSTS), inject: [GatewayEnv] },
    { provide: ArtifactFiles, useFactory: (env: GatewayEnv) => new FsArtifactFiles(env.DATA_DIR), inject: [GatewayEnv] },
    { provide: ArtifactSigner, useFactory: (env: GatewayEnv) => ArtifactSigner.of(env.DATA_DIR), inject: [GatewayEnv] },
    { provide: ArtifactUrls, useFactory: (signer: ArtifactSigner) => new SignedArtifactUrls(signer), inject: [ArtifactSigner] },
    {
      provide: LookAtFiles,
      useFactory: (env: GatewayEnv, artifacts: ArtifactStore, files: ArtifactFiles) =>
        new LookAtFiles(new OwnFiles(artifacts, files), { wanted: filesToLookAt, allowHosts: env.FETCH_ALLOW_HOSTS }),
      inject: [GatewayEnv, ArtifactStore, ArtifactFiles],
    },
  ],
  exports: [ArtifactUrls, ArtifactFiles, LookAtFiles, BotFiles],
})
export class UploadsModule {}
