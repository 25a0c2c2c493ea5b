import { join } from 'node:path';
import { PAGE_ASSET } from '../../functions/console/env.ts';

/** The environment of every Lambda. */
export const lambdaEnv = (folder: string): NodeJS.ProcessEnv => ({
  STAGE: 'bench',
  TABLE_NAME: 'bench',
  CONFIG_FILE: join(folder, 'config.json'),
  SECRET_PREFIX: 'CareWindow-bench/0',
  QUEUE_URL: 'deliveries',
  DELIVERY_QUEUE_URL: 'deliveries',
  BUS_NAME: 'events',
  DEAD_LETTER_QUEUE_URL: 'failures',
  MEDIA_QUEUE_URL: 'files',
  MEDIA_FUNCTION_ARN: 'arn:aws:lambda:eu-west-1:123456789012:function:media',
  BUCKET_NAME: 'files',
  LINK_ROLE_ARN: 'arn:aws:iam::123456789012:role/links',
  PAGE_FILE: join(folder, 'console', PAGE_ASSET),
  AUTHORIZE_URL: 'https://sign-in.example/authorize',
  TOKEN_URL: 'https://sign-in.example/token',
  LOGOUT_URL: '',
  CLIENT_ID: 'page',
  SCOPE: 'carewindow/read',
  FILE_ORIGIN: 'https://files.example',
  POLL_SECONDS: '5',
  LIST_SECONDS: '30',
  AWS_REGION: 'local',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  NODE_OPTIONS: '',
});
