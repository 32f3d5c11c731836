package org.vitrine.bench;

/** Prints what the display path costs. */
public final class DisplayBenchmark {

    private DisplayBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        PublishCost.print(Integer.parseInt(arguments[0]));
    }
}
