package org.vitrine.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.vitrine.spi.testkit.HouseRules;

@AnalyzeClasses(packages = "org.vitrine.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLE =
            slices().matching("org.vitrine.core.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule DEVICE_FAMILIES_NEVER_IMPORT_ONE_ANOTHER =
            slices().matching("org.vitrine.core.device.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule ONLY_THE_ASSEMBLY_KNOWS_THE_MACHINE =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..core.machine..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("..core.machine..");

    @ArchTest
    static final ArchRule CORE_KNOWS_NO_PROTOCOL_AND_NO_NETWORK =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java.io..",
                            "java.lang..",
                            "java.math",
                            "java.nio",
                            "java.nio.channels",
                            "java.nio.charset..",
                            "java.nio.file..",
                            "java.security..",
                            "java.time..",
                            "java.util..",
                            "java.awt.image..",
                            "javax.imageio..",
                            "org.slf4j..",
                            "org.vitrine.spi..",
                            "org.vitrine.firmware..",
                            "org.vitrine.core..");

    @ArchTest
    static final ArchRule CORE_NAMES_NO_PROTOCOL =
            noClasses()
                    .should()
                    .haveSimpleNameStartingWith("Qmp")
                    .orShould()
                    .haveSimpleNameStartingWith("Rfb")
                    .orShould()
                    .haveSimpleNameStartingWith("Vnc")
                    .orShould()
                    .haveSimpleNameStartingWith("Http");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = HouseRules.NAMES_SAY_WHAT_A_CLASS_IS;

    @ArchTest
    static final ArchRule NOTHING_IS_WRITTEN_TO_STANDARD_STREAMS =
            GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
