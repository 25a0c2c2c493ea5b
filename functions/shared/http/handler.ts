import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export type HttpEvent = APIGatewayProxyEventV2;
export type HttpResponse = APIGatewayProxyStructuredResultV2;

/** A Lambda behind the HTTP API (payload format 2.0). */
export type HttpHandler = (event: HttpEvent) => Promise<HttpResponse>;
