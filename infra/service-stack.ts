import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from './config.ts';
import { MediaFiles } from './constructs/media-files.ts';
import { ProviderAlarms } from './constructs/provider-alarms.ts';
import { ProviderSecrets } from './constructs/provider-secrets.ts';
import { ServiceAlarms } from './constructs/service-alarms.ts';
import { ServiceApi } from './constructs/service-api.ts';
import { ServiceDashboard } from './constructs/service-dashboard.ts';
import { ServiceEvents } from './constructs/service-events.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import { STAGE_CONTEXT } from './constructs/service-metrics.ts';
import { SessionsTable } from './constructs/sessions-table.ts';
import { addOutputs } from './constructs/stack-outputs.ts';
import { addTokenIssuer } from './constructs/token-issuer.ts';
import { ChangeStream } from './functions/change-stream.ts';
import { addConsole } from './functions/console.ts';
import { addEventDelivery } from './functions/event-delivery.ts';
import { addInboundQueue } from './functions/inbound-queue.ts';
import { InboundWebhook } from './functions/inbound-webhook.ts';
import { Media } from './functions/media.ts';
import { OutboundSend } from './functions/outbound-send.ts';
import { SessionsApi } from './functions/sessions-api.ts';
import { TemplateSync } from './functions/template-sync.ts';
import { WindowSweep } from './functions/window-sweep.ts';

interface ServiceStackProps {
  /** Key of the stage in `infra/config.ts`: the dimension `stage` of its metrics. */
  readonly stageName: string;
  readonly stage: Stage;
}

/** One stage of CareWindow. Construct ids are part of the logical ids of deployed resources and must not change. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { stageName, stage }: ServiceStackProps) {
    super(scope, id, { description: 'CareWindow: WhatsApp customer care sessions' });
    this.node.setContext(STAGE_CONTEXT, stageName);
    const { whatsapp: config, logRetentionDays: logRetention, inboundSilenceHours: silenceHours } = stage;
    const alarms = new ServiceAlarms(this, 'Alarms', { email: stage.alarmEmail });
    const sessions = new SessionsTable(this, 'Sessions', { alarms });
    const secrets = new ProviderSecrets(this, 'Secrets', { accounts: config.accounts, alarms });
    const events = new ServiceEvents(this, 'Events', { alarms });
    const files = new MediaFiles(this, 'Files', { channels: config.channels, alarms });
    new ProviderAlarms(this, 'Provider', { alarms });

    const shared = { config, stageName, logRetention, silenceHours, alarms, sessions, secrets, events, files };
    const changeStream = new ChangeStream(this, 'ChangeStream', shared);
    new WindowSweep(this, 'WindowSweep', shared);
    const media = new Media(this, 'Media', shared);
    const outboundSend = new OutboundSend(this, 'OutboundSend', { ...shared, media: media.function });
    const deliveries = addEventDelivery(this, shared);
    const inboundWebhook = new InboundWebhook(this, 'InboundWebhook', shared);
    const socialEvents = addInboundQueue(this, shared);

    const functions = {
      'inbound-webhook': inboundWebhook.function,
      media: media.function,
      'outbound-send': outboundSend.function,
      'sessions-api': new SessionsApi(this, 'SessionsApi', { ...shared, deliveries }).function,
      'template-sync': new TemplateSync(this, 'TemplateSync', shared).function,
    };
    const serviceApi = new ServiceApi(this, 'Api', { ...shared, throttle: stage.throttle, functions });
    const { api } = serviceApi;
    addConsole(this, { ...shared, stage, signIn: addTokenIssuer(this, stage, serviceApi), serviceApi });
    this.updateSweepLast();
    alarms.addComposites();
    const dashboard = new ServiceDashboard(this, 'Dashboard', {
      alarms,
      api,
      table: sessions.table,
      functions: this.functions,
      stream: changeStream.function,
      sendLogs: outboundSend.logGroup,
    });
    addOutputs(this, { ...shared, accounts: config.accounts, api, dashboard, deliveries, socialEvents });
  }

  /** A raised lead reaches the writers of due entries first: the sweep would pass entries that they leave early. */
  private updateSweepLast(): void {
    const { WindowSweep: sweep, InboundWebhook: webhook, InboundQueue: queue } = this.functions;
    for (const writer of [webhook, queue]) if (writer !== undefined) sweep?.node.addDependency(writer);
  }

  /** Every function of the stack, by its construct id. */
  private get functions() {
    return Object.fromEntries(
      this.node.children
        .filter((child) => child instanceof ServiceFunction)
        .map((child) => [child.node.id, child.function]),
    );
  }
}
