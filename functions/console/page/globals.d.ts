/** Whether the page is built for the local run, with its panels; replaced when the page is built. */
declare const IS_LOCAL: boolean;

declare module '*.css';
