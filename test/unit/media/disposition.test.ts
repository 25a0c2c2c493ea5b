import { describe, expect, it } from 'vitest';
import { dispositionOf } from '../../../functions/media/disposition.ts';

describe('how a browser handles a file', () => {
  it.each(['image/jpeg', 'audio/ogg; codecs=opus', 'video/mp4'])('shows %s', (mimeType) => {
    expect(dispositionOf(mimeType, undefined)).toBe('inline');
  });

  it.each(['application/pdf', 'text/html', 'image/svg+xml', 'application/octet-stream'])('saves %s', (mimeType) => {
    expect(dispositionOf(mimeType, undefined)).toBe('attachment');
  });

  it('saves it under its name, whatever characters that has', () => {
    expect(dispositionOf('application/pdf', 'Zähler (1)"\r\n.pdf')).toBe(
      "attachment; filename*=UTF-8''Z%C3%A4hler%20%281%29%22%0D%0A.pdf",
    );
  });
});
