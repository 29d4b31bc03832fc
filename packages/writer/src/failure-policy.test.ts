import { describe, expect, it } from "vitest";
import { actionAfter } from "./failure-policy.js";

describe("actionAfter", () => {
  it.each(["ENOSPC", "EDQUOT", "EFBIG", "EAGAIN"])(
    "goes on in the same segment after %s from a write",
    (code) => {
      expect(actionAfter("write", code)).toBe("resume");
      expect(actionAfter("fstat", code)).toBe("resume");
    },
  );

  it.each(["EIO", "EBADF", "EROFS", "SEGMENT_GONE", "SEGMENT_DISTURBED"])(
    "leaves the segment after %s from a write",
    (code) => {
      expect(actionAfter("write", code)).toBe("switch");
    },
  );

  it.each(["EIO", "ENOSPC", "EDQUOT", "EAGAIN"])("leaves the segment after %s from an fsync", (code) => {
    expect(actionAfter("fsync", code)).toBe("switch");
  });
});
