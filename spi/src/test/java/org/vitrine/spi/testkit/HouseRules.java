package org.vitrine.spi.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;

/** Rules for the classes of every module. */
public final class HouseRules {

    private HouseRules() {}

    /** A name says what a class is, and not that it helps, manages or implements. */
    public static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
            noClasses()
                    .should()
                    .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils)")
                    .orShould()
                    .haveSimpleNameStartingWith("Abstract");
}
