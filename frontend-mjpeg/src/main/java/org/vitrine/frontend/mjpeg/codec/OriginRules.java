package org.vitrine.frontend.mjpeg.codec;

import java.util.Locale;

/**
 * Which requests a web page somewhere else could have made the user's browser send.
 *
 * <p>The browser lets any page send a simple POST anywhere, and a page whose own host name is made
 * to point to this machine (DNS rebinding) counts as of the same origin. So a request must name
 * this server by an address, by {@code localhost}, or by the name that the user gave as the {@code
 * host} option; and one that types into the guest must come from a page of this server: RFC 6454
 * (Origin), W3C Fetch Metadata ({@code Sec-Fetch-Site}).
 */
public final class OriginRules {

    private final String ownName;

    /**
     * Rules for a server.
     *
     * @param ownName the {@code host} option: an address or a name
     */
    public OriginRules(String ownName) {
        this.ownName = ownName.toLowerCase(Locale.ROOT);
    }

    /**
     * Why a request with this {@code Host} header is refused, or null when it is welcome. A request
     * without the header is: every browser sends it.
     */
    public String refuseHost(String host) {
        if (host == null) {
            return null;
        }
        String name = nameOf(host.strip().toLowerCase(Locale.ROOT));
        if (isAddress(name)
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals(ownName)) {
            return null;
        }
        return "this server does not answer to the name '"
                + Query.shown(name)
                + "': use its address, or start it "
                + "with that name as the host option";
    }

    /**
     * Why a request that changes something is refused, or null when it is welcome.
     *
     * @param host the {@code Host} header, or null
     * @param origin the {@code Origin} header, or null: a program that is no browser sends none
     * @param fetchSite the {@code Sec-Fetch-Site} header, or null
     */
    public String refuseChange(String host, String origin, String fetchSite) {
        boolean foreignOrigin = origin != null && !isOf(origin, host);
        boolean foreignFetch =
                fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none");
        return foreignOrigin || foreignFetch ? "only a page of this server may send input" : null;
    }

    /**
     * Whether an origin is this host and port. An origin may also be {@code null}, or not of the
     * web.
     */
    private static boolean isOf(String origin, String host) {
        if (host == null) {
            return false;
        }
        String lower = origin.strip().toLowerCase(Locale.ROOT);
        String authority = host.strip().toLowerCase(Locale.ROOT);
        return lower.equals("http://" + authority) || lower.equals("https://" + authority);
    }

    private static String nameOf(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']');
            return end < 0 ? authority : authority.substring(0, end + 1);
        }
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /** IPv4 in four decimal parts, or anything in brackets: a name can have neither form. */
    private static boolean isAddress(String name) {
        return name.matches("\\d{1,3}(\\.\\d{1,3}){3}") || name.matches("\\[[0-9a-f:.%]+]");
    }
}
