package org.vitrine.frontend.vnc.rfb;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * The security type "VNC Authentication" (RFC 6143, section 7.2.2). It keeps out the curious, not
 * the determined.
 */
public final class VncAuthentication {

    private VncAuthentication() {}

    /** Length in bytes of challenge and response. */
    public static final int CHALLENGE_LENGTH = 16;

    /** How many characters of a password count. */
    public static final int PASSWORD_LENGTH = 8;

    /** The right answer to a challenge. */
    public static byte[] response(byte[] challenge, String password) {
        byte[] key = Arrays.copyOf(password.getBytes(StandardCharsets.ISO_8859_1), PASSWORD_LENGTH);
        for (int i = 0; i < key.length; i++) {
            // Every implementation takes the key's bits in the opposite order to DES; the RFC does
            // not say so.
            key[i] = (byte) (Integer.reverse(key[i]) >>> 24);
        }
        try {
            Cipher des = Cipher.getInstance("DES/ECB/NoPadding");
            des.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
            return des.doFinal(challenge);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this Java runtime has no DES, which VNC passwords need", e);
        }
    }

    /** Whether a response is right; takes as long for a wrong one. */
    public static boolean verify(byte[] challenge, byte[] response, String password) {
        return MessageDigest.isEqual(response(challenge, password), response);
    }
}
