import { VOICE_NOTE } from '../voice-note.ts';
import type { Action } from './use-phone-screen.ts';

const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

const TYPES: Readonly<Record<string, string>> = { image: 'image', video: 'video', audio: 'audio' };

/** A file that the user chose, as the customer sends it. */
export const chosenFile = async (file: File): Promise<Action> => {
  const mimeType = file.type || 'application/octet-stream';
  const type = TYPES[mimeType.split('/')[0] ?? ''] ?? 'document';
  return { file: { type, mimeType, name: file.name, base64: toBase64(new Uint8Array(await file.arrayBuffer())) } };
};

const DIGITS = '0421.7';

/** A picture of a meter, drawn here. */
export const samplePhoto = (): Action => {
  const canvas = document.createElement('canvas');
  canvas.width = 480;
  canvas.height = 320;
  const pen = canvas.getContext('2d');
  if (pen !== null) {
    const back = pen.createLinearGradient(0, 0, 480, 320);
    back.addColorStop(0, '#cfe3df');
    back.addColorStop(1, '#7fa9b8');
    pen.fillStyle = back;
    pen.fillRect(0, 0, 480, 320);
    pen.fillStyle = '#f7f8f6';
    pen.beginPath();
    pen.arc(240, 160, 125, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = '#17212c';
    pen.fillRect(140, 130, 200, 58);
    pen.fillStyle = '#f4f6f8';
    pen.font = '44px monospace';
    pen.textAlign = 'center';
    pen.fillText(DIGITS, 240, 175);
  }
  const [, base64 = ''] = canvas.toDataURL('image/png').split(',');
  return { file: { type: 'image', mimeType: 'image/png', name: 'meter.png', base64 } };
};

export const voiceNote = (): Action => ({
  file: { type: 'audio', mimeType: 'audio/ogg', name: 'voice.ogg', base64: VOICE_NOTE, voice: true },
});

export const sampleLocation = (): Action => ({
  location: { latitude: 55.605, longitude: 13.0038, name: 'Central station', address: 'Skeppsbron 1, Malmö' },
});

export const sampleContact = (): Action => ({ contact: { name: 'Grace Hopper', phone: '+15557654321' } });
