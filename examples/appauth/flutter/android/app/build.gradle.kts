// Add to android/app/build.gradle.kts: the redirect URI's scheme, without ":/".
android {
    defaultConfig {
        manifestPlaceholders += mapOf("appAuthRedirectScheme" to "com.example.shop")
    }
}
