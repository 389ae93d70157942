// Photos made small in the browser. What is drawn anew carries no metadata: no position, device or time.
const LONGEST = 1600, QUALITY = 0.82;
export const isPhoto = (file) => /^image\/(jpeg|png|webp|heic|heif)$/.test(file.type);

const drawn = async (file) => {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = Object.assign(document.createElement("canvas"), {
    width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)),
  });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
};
// The photo as it is sent: a JPEG of at most 1600 pixels. What is no photo, or cannot be read, stays as it is: the
// server says what is wrong with it.
export const smaller = async (file) => {
  if (!isPhoto(file)) return file;
  try {
    const blob = await drawn(file);
    return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
};

// Where a photo says that it was taken (EXIF, GPS IFD) as [longitude, latitude], or null.
const HEAD = 256 * 1024, APP1 = 0xffe1, EXIF = 0x45786966, GPS_IFD = 0x8825;
const gpsEntries = (view, start) => {
  const small = view.getUint16(start) === 0x4949;
  const u16 = (at) => view.getUint16(start + at, small), u32 = (at) => view.getUint32(start + at, small);
  const entries = (at) => new Map(Array.from({ length: u16(at) }, (_, n) => [u16(at + 2 + n * 12), at + 2 + n * 12]));
  const gps = entries(u32(4)).get(GPS_IFD);
  if (gps === undefined) return null;
  const told = entries(u32(gps + 8));
  const letter = (tag) => (told.has(tag) ? String.fromCharCode(view.getUint8(start + told.get(tag) + 8)) : "");
  const degrees = (tag) => {
    const at = u32(told.get(tag) + 8);
    const part = (n) => u32(at + n * 8) / u32(at + n * 8 + 4);
    return part(0) + part(1) / 60 + part(2) / 3600;
  };
  return [degrees(4) * (letter(3) === "W" ? -1 : 1), degrees(2) * (letter(1) === "S" ? -1 : 1)];
};
export const positionOf = async (file) => {
  try {
    const view = new DataView(await file.slice(0, HEAD).arrayBuffer());
    if (view.getUint16(0) !== 0xffd8) return null;
    for (let at = 2; at < view.byteLength - 10; at += 2 + view.getUint16(at + 2)) {
      if (view.getUint16(at) === APP1 && view.getUint32(at + 4) === EXIF) {
        const found = gpsEntries(view, at + 10);
        return found && found.every(Number.isFinite) && found.some(Boolean) ? found : null;
      }
    }
  } catch { /* not told, or not legibly */ }
  return null;
};
